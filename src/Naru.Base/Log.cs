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

    public static void Debug(string message) => Write(LogLevel.Debug, message);

    public static void Info(string message) => Write(LogLevel.Info, message);

    public static void Warn(string message) => Write(LogLevel.Warn, message);

    public static void Error(string message) => Write(LogLevel.Error, message);

    private static void Write(LogLevel level, string message)
    {
        if (level < Level)
            return;
        var quoted = message.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
        var line = $"time=\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={level.ToString().ToLowerInvariant()} msg=\"{quoted}\"\n";
        lock (Gate)
        {
            try
            {
                Output.Write(Encoding.UTF8.GetBytes(line));
            }
            catch (IOException)
            {
                // A log that nobody reads any more must not end the program that writes it.
            }
        }
    }
}
