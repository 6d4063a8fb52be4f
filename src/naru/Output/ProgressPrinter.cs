using System.Globalization;
using System.Text;
using System.Text.Json;
using Naru.Base.Units;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>Prints a stream of progress messages: on a terminal each id keeps a line of its own, which is rewritten; elsewhere only what is new is printed.</summary>
/// <param name="descriptor">1 or 2; 0 prints nothing and only looks for the error.</param>
internal sealed class ProgressPrinter(int descriptor, Action<JsonElement>? aux = null)
{
    private readonly bool terminal = descriptor != 0 && ConsoleTerminal.IsTerminal(descriptor);
    private readonly Dictionary<string, int> lines = [];

    /// <exception cref="ExitException">The stream ended with an error.</exception>
    public void Print(Stream messages, int exitCode = 1)
    {
        using var reader = new StreamReader(messages, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            var message = JsonSerializer.Deserialize(line, ApiJson.Default.ProgressMessage)!;
            if (message.Aux is { } value)
            {
                aux?.Invoke(value);
                continue;
            }

            if (message.ErrorDetail is { } error)
            {
                if (error.Code == 401)
                    throw new ExitException(exitCode, "authentication is required");
                throw new ExitException(exitCode, error.Message);
            }

            if (message.Error is { Length: > 0 } old)
                throw new ExitException(exitCode, old);
            Show(message);
        }
    }

    private void Show(ProgressMessage message)
    {
        var bar = message.ProgressDetail is { } detail && (detail.Current > 0 || detail.Total > 0) ? Bar(detail) : "";
        if (!terminal)
        {
            if (bar.Length > 0)
                return;
            Write(message.Stream is { Length: > 0 } stream ? stream : message.Status is null ? "" : (message.Id is { Length: > 0 } id ? $"{id}: " : "") + message.Status + "\n");
            return;
        }

        var moved = 0;
        if (message.Id is { Length: > 0 } own && (message.ProgressDetail is not null || message.Progress is not null))
        {
            if (!lines.TryGetValue(own, out var line))
            {
                line = lines.Count;
                lines[own] = line;
                Write("\n");
            }

            moved = lines.Count - line;
            Write($"\x1b[{moved}A");
        }
        else
        {
            lines.Clear();
        }

        var text = new StringBuilder();
        if (message.Stream is not { Length: > 0 })
            text.Append("\x1b[2K\r");
        if (message.Id is { Length: > 0 } name)
            text.Append(name).Append(": ");
        if (bar.Length > 0)
            text.Append(message.Status).Append(' ').Append(bar).Append('\r');
        else if (message.Stream is { Length: > 0 } plain)
            text.Append(plain);
        else
            text.Append(message.Status).Append("\r\n");
        if (moved > 0)
            text.Append(bar.Length > 0 ? $"\x1b[{moved}B" : moved > 1 ? $"\x1b[{moved - 1}B" : "");
        Write(text.ToString());
    }

    /// <summary>"[====>   ]  1.2MB/3.4MB", as wide as the terminal lets it.</summary>
    private string Bar(ProgressDetail detail)
    {
        var width = ConsoleTerminal.Size(descriptor).Columns;
        if (width == 0)
            width = 200;
        if (detail.Total <= 0 && detail.Units is not { Length: > 0 })
            return $"{ByteSize.Human(detail.Current),8}";
        var bar = "";
        if (width > 110)
        {
            var share = (int)Math.Min(50, detail.Current * 100 / Math.Max(1, detail.Total) / 2);
            bar = $"[{new string('=', share)}>{new string(' ', Math.Max(0, 50 - share))}] ";
        }

        if (detail.HideCounts)
            return bar;
        if (detail.Units is { Length: > 0 } units)
            return $"{bar}{detail.Current.ToString(CultureInfo.InvariantCulture)}/{detail.Total.ToString(CultureInfo.InvariantCulture)} {units}";
        var current = $"{ByteSize.Human(detail.Current),8}";
        return detail.Current > detail.Total ? bar + current : $"{bar}{current}/{ByteSize.Human(detail.Total)}";
    }

    private void Write(string text)
    {
        if (text.Length == 0 || descriptor == 0)
            return;
        if (descriptor == 2)
        {
            Streams.ErrorText(text);
            return;
        }

        Streams.OutText(text);
        Streams.Flush();
    }
}
