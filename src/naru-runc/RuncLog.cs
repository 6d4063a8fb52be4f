using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Linux.Terminals;

namespace Naru.Runc;

/// <summary>The log that shims read: to --log's file or to standard error, in logrus' text or JSON form.</summary>
internal sealed class RuncLog
{
    private const int StandardError = 2;

    private readonly SafeFileHandle? _file;
    private readonly bool _json;
    private readonly bool _debug;
    private readonly bool _colored;
    private readonly long _began = Environment.TickCount64;

    private RuncLog(SafeFileHandle? file, bool json, bool debug)
    {
        (_file, _json, _debug) = (file, json, debug);
        _colored = file is null && !json && TerminalMode.IsTerminal(StandardError);
    }

    public bool IsStandardError => _file is null;

    public static RuncLog ToStandardErrorAsText() => new(null, json: false, debug: false);

    /// <param name="path">Null: standard error.</param>
    /// <exception cref="NaruException">The format is none, or the file cannot be opened.</exception>
    public static RuncLog Open(string? path, string? format, bool debug)
    {
        var json = format switch
        {
            null or "" or "text" => false,
            "json" => true,
            var other => throw NaruException.Invalid($"invalid log-format: {other}"),
        };
        if (path is null or "/dev/stderr")
            return new RuncLog(null, json, debug);
        try
        {
            return new RuncLog(Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, 0x1A4), json, debug);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, $"open {path}: {Errno.Text(failure.Number)}", failure);
        }
    }

    public void Debug(string message)
    {
        if (_debug)
            Write("debug", message);
    }

    public void Warn(string message) => Write("warning", message);

    public void Error(string message) => Write("error", message);

    private void Write(string level, string message)
    {
        var time = LocalTime.Now().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal);
        var line = _json ? $"{{\"level\":\"{level}\",\"msg\":{GoText.Json(message)},\"time\":\"{time}\"}}\n"
            : _colored ? Colored(level, message)
            : $"time=\"{time}\" level={level} msg={QuoteIfNeeded(message)}\n";
        if (_file is null)
            Files.WriteStandard(StandardError, line);
        else
            Files.Write(_file, Encoding.UTF8.GetBytes(line));
    }

    /// <summary>As a key's value is written: in quotes unless it is plain.</summary>
    private static string QuoteIfNeeded(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.' or '_' or '/' or '@' or '^' or '+'))
                return GoText.Quote(text);
        }

        return text;
    }

    /// <summary>As logrus writes to a terminal: four letters of the level in its color, seconds since the start.</summary>
    private string Colored(string level, string message)
    {
        var color = level switch { "error" => 31, "warning" => 33, _ => 37 };
        var seconds = (Environment.TickCount64 - _began) / 1000;
        return $"\e[{color}m{level[..4].ToUpperInvariant()}\e[0m[{seconds:0000}] {message.TrimEnd('\n'),-44} \n";
    }
}
