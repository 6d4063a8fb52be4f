using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Naru.Base;
using Naru.Build.Graph;
using Naru.Rpc.Fsutil;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>fsutil's receiving side: the client describes its files in order, and is asked for the content of those that are not here already.</summary>
/// <remarks>
/// Packets of the client: STAT for each file and an empty one after the last, DATA by the file's number (an empty one ends it), FIN, ERR. Of the
/// builder: REQ with the number of a file, FIN when it has all. Nothing here waits for the client to take what is written, or both might wait.
/// </remarks>
internal static class FolderReceiver
{
    internal static readonly GrpcMethod<Packet, Packet> Method = new("moby.filesync.v1.FileSync", "DiffCopy", Packet.Parser, Packet.Parser);

    public static async Task<ContextFolder> Receive(GrpcChannel channel, ContextStore contexts, string sharedKey, ContextStep step, Action<long> progress, CancellationToken cancel)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        SessionHeaders.Add(headers, "dir-name", [step.Local]);
        SessionHeaders.Add(headers, "exclude-patterns", step.Exclude);
        SessionHeaders.Add(headers, "followpaths", step.Follow);

        // The client walks its folder while the index of what is here is read.
        await using var call = channel.Duplex(Method, new GrpcOptions { Headers = headers }, cancel);
        var slot = contexts.Take(sharedKey, step.Local, Purpose(step), Scope(step));
        try
        {
            // Files are written where the packets are read: not on a thread that others wait for.
            await Task.Run(() => Update(call, slot, progress), cancel);
            return new ContextFolder(slot.Tree, slot.Digest, slot.Dispose) { Entries = slot.Entries };
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <summary>Ignore files are asked for alone, before the folder they are about: neither must replace the other.</summary>
    private static string Purpose(ContextStep step)
    {
        foreach (var path in step.Follow)
        {
            if (!path.EndsWith(".dockerignore", StringComparison.Ordinal))
                return "";
        }

        return step.Follow.Count == 0 ? "" : "ignore";
    }

    private static string Scope(ContextStep step)
    {
        var text = new StringBuilder();
        foreach (var path in step.Follow)
            text.Append(path).Append('\0');
        text.Append('\0');
        foreach (var pattern in step.Exclude)
            text.Append(pattern).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static async Task Update(GrpcDuplex<Packet, Packet> call, ContextSlot slot, Action<long> progress)
    {
        using var update = new FolderUpdate(slot);
        try
        {
            var requests = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
            var sending = Write(call, requests.Reader);
            try
            {
                await Read(call, update, requests.Writer, progress);
            }
            finally
            {
                requests.Writer.TryComplete();
            }

            await sending;
            update.Complete();
        }
        catch
        {
            update.GiveUp();
            throw;
        }
    }

    private static async Task Read(GrpcDuplex<Packet, Packet> call, FolderUpdate update, ChannelWriter<byte[]> requests, Action<long> progress)
    {
        var packets = new List<Packet>();
        var frames = new ArrayBufferWriter<byte>();
        long bytes = 0;
        var finished = false;
        while (await call.ReadAsync(packets))
        {
            foreach (var packet in packets)
            {
                bytes += packet.CalculateSize();
                switch (packet.Type)
                {
                    case Packet.Types.PacketType.PacketStat when packet.Stat is null:
                        update.EndDescription();
                        break;
                    case Packet.Types.PacketType.PacketStat:
                        if (update.Describe(ContextEntry.From(packet.Stat)) is { } number)
                            GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketReq, ID = number });
                        break;
                    case Packet.Types.PacketType.PacketData:
                        update.Receive(packet.ID, packet.Data.Memory);
                        break;
                    case Packet.Types.PacketType.PacketFin:
                        break;
                    case Packet.Types.PacketType.PacketErr:
                        throw NaruException.Invalid($"error from sender: {packet.Data.ToStringUtf8()}");
                    default:
                        throw NaruException.Invalid($"the client sent a packet of type {(int)packet.Type}, which only a builder sends");
                }
            }

            packets.Clear();
            progress(bytes);
            if (!finished && update is { Described: true, Awaited: 0 })
            {
                finished = true;
                GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketFin });
            }

            if (frames.WrittenCount > 0)
                requests.TryWrite(frames.WrittenSpan.ToArray());
            frames.ResetWrittenCount();
            if (finished)
                requests.TryComplete();
        }

        if (!finished)
            throw NaruException.Invalid("the client ended the transfer before it had sent all files");
    }

    private static async Task Write(GrpcDuplex<Packet, Packet> call, ChannelReader<byte[]> requests)
    {
        try
        {
            await foreach (var frames in requests.ReadAllAsync())
                await call.WriteAsync(frames);
            call.Complete();
        }
        catch (NaruException)
        {
            // Why the call ended is what the reading half hears.
        }
    }
}
