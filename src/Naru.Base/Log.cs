using System.Text;

namespace Naru.Base;

/// <summary>The programs' own log, on standard error: one line an event, logrus' text form, so that journald and people read it alike.</summary>
/// <remarks>Lines are written whole, by one write. Nothing is kept; no background thread.</remarks>
public static class Log
{
    private static readonly Lock Gate = new();
    private static readonly Stream Output = Console.OpenStandardError();

    /// <summary>The least severe level that is written.</summary>
    public static LogLevel Level { get; set; } = LogLevel.Info;

    /// <summary>Makes a line, with its end, of a level and a message; null for logrus' text form. Set before the first line.</summary>
    public static Func<LogLevel, string, byte[]>? Form { get; set; }

    public static void Debug(string message) => Write(LogLevel.Debug, message);

    public static void Info(string message) => Write(LogLevel.Info, message);

    public static void Warn(string message) => Write(LogLevel.Warn, message);

    public static void Error(string message) => Write(LogLevel.Error, message);

    /// <summary>How a level is written.</summary>
    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warn => "warn",
        _ => "error",
    };

    /// <summary>Writes whole lines as they are.</summary>
    public static void Write(ReadOnlySpan<byte> lines)
    {
        lock (Gate)
        {
            try
            {
                Output.Write(lines);
            }
            catch (IOException)
            {
                // A log that nobody reads any more must not end the program that writes it.
            }
        }
    }

    private static void Write(LogLevel level, string message)
    {
        if (level < Level)
            return;
        if (Form is not null)
        {
            Write(Form(level, message));
            return;
        }

        var quoted = message.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
        Write(Encoding.UTF8.GetBytes($"time=\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={Word(level)} msg=\"{quoted}\"\n"));
    }
}
