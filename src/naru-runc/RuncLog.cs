using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Naru.Linux;

namespace Naru.Runc;

/// <summary>The log that shims read: to --log's file or to standard error, in logrus' text or JSON form.</summary>
internal sealed class RuncLog(string? file, bool json)
{
    public bool ToStandardError => file is null;

    public void Warn(string message) => Write("warning", message);

    public void Error(string message) => Write("error", message);

    private void Write(string level, string message)
    {
        var time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var quoted = $"\"{JsonEncodedText.Encode(message, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        var line = json
            ? $"{{\"level\":\"{level}\",\"msg\":{quoted},\"time\":\"{time}\"}}\n"
            : $"time=\"{time}\" level={level} msg={quoted}\n";
        if (file is null)
        {
            Files.WriteStandard(2, line);
            return;
        }

        using var handle = Files.Open(file, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, 0x1A4);
        Files.Write(handle, Encoding.UTF8.GetBytes(line));
    }
}
