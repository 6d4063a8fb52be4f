using System.Text.Json;
using System.Threading.Channels;
using Naru.Api;
using Naru.Base.Units;

namespace Naru.Engine.Images;

/// <summary>What a pull, push, load or import tells its client, a line at a time, in Docker's words. Written by any thread, read by one.</summary>
public sealed class ProgressOutput
{
    private readonly Channel<ProgressMessage> lines = Channel.CreateUnbounded<ProgressMessage>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<ProgressMessage> Lines => lines.Reader;

    /// <summary>A sentence of its own: <c>Digest: …</c>, <c>Pulling from …</c>.</summary>
    public void Say(string status, string? id = null) => Write(new ProgressMessage { Status = status, Id = id });

    /// <summary>A layer's state, with no more to tell.</summary>
    public void Step(string id, string status) => Write(new ProgressMessage { Status = status, Id = id, ProgressDetail = new ProgressDetail() });

    /// <summary>A layer's state and how far it is, in bytes.</summary>
    public void Step(string id, string status, long current, long total) =>
        Write(new ProgressMessage { Status = status, Id = id, ProgressDetail = new ProgressDetail { Current = current, Total = total }, Progress = Bar(current, total) });

    /// <summary>Text as it is to be printed.</summary>
    public void Print(string text) => Write(new ProgressMessage { Stream = text });

    /// <summary>What programs read.</summary>
    public void Aux(JsonElement value) => Write(new ProgressMessage { ProgressDetail = new ProgressDetail(), Aux = value });

    /// <summary>What programs read, known by a name.</summary>
    public void Aux(string id, JsonElement value) => Write(new ProgressMessage { Id = id, Aux = value });

    /// <summary>Nothing more will come.</summary>
    public void End() => lines.Writer.TryComplete();

    /// <summary><c>[=====&gt;     ]  1.2MB/3MB</c>, 50 wide: for clients that draw none themselves.</summary>
    internal static string? Bar(long current, long total)
    {
        if (current <= 0 && total <= 0)
            return null;
        if (total <= 0)
            return $"{ByteSize.Human(current),8}";
        var done = (int)Math.Clamp(current * 100.0 / total / 2, 0, 50);
        var numbers = current > total ? $"{ByteSize.Human(current),8}" : $"{ByteSize.Human(current),8}/{ByteSize.Human(total)}";
        return $"[{new string('=', done)}>{new string(' ', 50 - done)}] {numbers}";
    }

    private void Write(ProgressMessage line) => lines.Writer.TryWrite(line);
}
