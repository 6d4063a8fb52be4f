using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Naru.Engine.Logs;
using Naru.Engine.Streams;

namespace Naru.Daemon.Http;

/// <summary>A connection taken over from HTTP for attach and exec: bytes both ways until each side ends its half.</summary>
/// <remarks>Kestrel reads on; writes go to the socket itself, so that none is left in a buffer when the connection is closed.</remarks>
internal sealed class RawStream
{
    private readonly HttpContext context;
    private readonly PipeReader input;
    private readonly Socket socket;

    private RawStream(HttpContext context)
    {
        this.context = context;
        input = context.Features.Get<IConnectionTransportFeature>()!.Transport.Input;
        socket = context.Features.Get<IConnectionSocketFeature>()!.Socket;
    }

    /// <summary>Answers 101 (or 200 to clients that ask for no upgrade) and takes the connection. The body must have been read.</summary>
    public static async Task<RawStream> Take(ApiCall call, bool multiplexed)
    {
        call.Context.Features.Get<TakenConnection>()!.Taken = true;
        var stream = new RawStream(call.Context);
        var type = multiplexed ? "application/vnd.docker.multiplexed-stream" : "application/vnd.docker.raw-stream";
        var head = call.Context.Request.Headers.Upgrade.Count > 0
            ? $"HTTP/1.1 101 UPGRADED\r\nContent-Type: {type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
            : $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n\r\n";
        await stream.Write(Encoding.ASCII.GetBytes(head));
        return stream;
    }

    public async Task<bool> Write(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Writes a line of the engine's own, as standard output.</summary>
    public Task<bool> Say(string text, bool multiplexed)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!multiplexed)
            return Write(bytes);
        var header = new byte[8];
        header[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), bytes.Length);
        return Write((byte[])[.. header, .. bytes]);
    }

    /// <summary>Hands the client's bytes to a process until the client ends its half, the detach keys come, or <paramref name="cancel"/>.</summary>
    /// <returns>True when the detach keys came.</returns>
    public async Task<bool> CopyTo(ProcessStreams process, byte[] detachKeys, CancellationToken cancel)
    {
        var matched = 0;
        while (true)
        {
            ReadResult result;
            try
            {
                await process.StdinReady.WaitAsync(cancel);
                result = await input.ReadAsync(cancel);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException)
            {
                return false;
            }

            var detach = false;
            var bytes = detachKeys.Length == 0 ? result.Buffer.ToArray() : Filter(result.Buffer.ToArray(), detachKeys, ref matched, out detach);
            input.AdvanceTo(result.Buffer.End);
            if (bytes.Length > 0 && !await process.WriteStdin(bytes, cancel))
                return false;
            if (detach)
                return true;
            if (result.IsCompleted)
                return false;
        }
    }

    /// <summary>Keeps back what may be the detach keys' beginning, and lets it through once it turns out not to be.</summary>
    private static byte[] Filter(byte[] bytes, byte[] keys, ref int matched, out bool whole)
    {
        List<byte> through = [];
        whole = false;
        foreach (var b in bytes)
        {
            if (b != keys[matched] && matched > 0)
            {
                through.AddRange(keys.AsSpan(0, matched));
                matched = 0;
            }

            if (b != keys[matched])
            {
                through.Add(b);
            }
            else if (++matched == keys.Length)
            {
                whole = true;
                break;
            }
        }

        return [.. through];
    }

    /// <summary>Hands a process's output to the client until it ends or the client is gone.</summary>
    public async Task CopyFrom(OutputSink sink, bool multiplexed, bool stdout, bool stderr)
    {
        await foreach (var (source, bytes) in sink.Reader.ReadAllAsync())
        {
            sink.Took(bytes.Length);
            if (source == LogSource.Stderr ? !stderr : !stdout)
                continue;
            if (!await Write(multiplexed ? StreamFrame.Make(source, bytes) : bytes))
                return;
        }
    }

    public void Close()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }

        context.Abort();
    }

    /// <summary>«ctrl-p,ctrl-q» as bytes.</summary>
    public static byte[] DetachKeys(string? text)
    {
        List<byte> keys = [];
        foreach (var key in (string.IsNullOrEmpty(text) ? "ctrl-p,ctrl-q" : text).Split(','))
        {
            if (key.Length == 1)
                keys.Add((byte)key[0]);
            else if (key.StartsWith("ctrl-", StringComparison.Ordinal) && key.Length == 6 && char.ToLowerInvariant(key[5]) is >= 'a' and <= 'z' or '@' or '[' or '\\' or ']' or '^' or '_')
                keys.Add((byte)(char.ToUpperInvariant(key[5]) & 0x1F));
            else
                throw Naru.Base.NaruException.Invalid($"Invalid detach keys ({text}) provided");
        }

        return [.. keys];
    }
}
