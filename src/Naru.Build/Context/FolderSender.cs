using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf;
using Naru.Base;
using Naru.Linux;
using Naru.Rpc.Fsutil;
using Naru.Rpc.Grpc;

namespace Naru.Build.Context;

/// <summary>fsutil's sending side: a build's result, as a folder of the client's.</summary>
internal static class FolderSender
{
    private const int PartSize = 32 << 10, BatchSize = 64 << 10;
    private static readonly GrpcMethod<Packet, Packet> Method = new("moby.filesync.v1.FileSend", "DiffCopy", Packet.Parser, Packet.Parser);

    public static async Task Send(GrpcChannel channel, int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>> { [OutputStream.NumberHeader] = [number.ToString(CultureInfo.InvariantCulture)] };
        using var tree = new TreeReader(folder);
        await using var call = channel.Duplex(Method, new GrpcOptions { Headers = headers }, cancel);
        var files = new List<byte[]?>();
        var requested = Channel.CreateUnbounded<uint>();
        var reading = Requests(call, requested.Writer);
        long sent = 0;
        try
        {
            var frames = new System.Buffers.ArrayBufferWriter<byte>(BatchSize * 2);
            async Task Flush(int least)
            {
                if (frames.WrittenCount <= least)
                    return;
                sent += frames.WrittenCount;
                await call.WriteAsync(frames.WrittenMemory);
                frames.ResetWrittenCount();
                progress(sent);
            }

            var names = new Dictionary<(uint, uint, ulong), byte[]>();
            foreach (var entry in tree.Walk())
            {
                if (entry.Path.Length == 0 || entry.Kind == TreeEntryKind.Socket)
                    continue;
                byte[]? first = null;
                if (entry is { Kind: TreeEntryKind.File, Links: > 1 } && !names.TryGetValue(entry.Identity, out first))
                    names.Add(entry.Identity, entry.Path);
                files.Add(entry.Kind == TreeEntryKind.File && first is null ? entry.Path : null);
                GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketStat, Stat = Describe(entry, first, epoch) });
                await Flush(BatchSize);
            }

            GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketStat });
            await Flush(0);
            var buffer = new byte[PartSize];
            await foreach (var id in requested.Reader.ReadAllAsync(cancel))
            {
                if (id >= files.Count || files[(int)id] is not { } path)
                    throw NaruException.Invalid($"the client asked for file {id}, which is none");
                using var handle = tree.Open(path);
                for (int count; (count = Files.Read(handle, buffer)) > 0;)
                {
                    GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketData, ID = id, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) });
                    await Flush(BatchSize);
                }

                GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketData, ID = id });
                if (requested.Reader.Count == 0)
                    await Flush(0);
            }

            GrpcFrame.Write(frames, new Packet { Type = Packet.Types.PacketType.PacketFin });
            await Flush(0);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Unavailable)
        {
            // Why the client ended the call is what the other half hears.
            await reading;
            throw;
        }

        call.Complete();
        await reading;
    }

    /// <summary>Reads what the client asks for, until it has all.</summary>
    private static async Task Requests(GrpcDuplex<Packet, Packet> call, ChannelWriter<uint> requested)
    {
        try
        {
            while (await call.ReadAsync() is { } packet)
            {
                switch (packet.Type)
                {
                    case Packet.Types.PacketType.PacketReq:
                        requested.TryWrite(packet.ID);
                        break;
                    case Packet.Types.PacketType.PacketFin:
                        requested.TryComplete();
                        break;
                    case Packet.Types.PacketType.PacketErr:
                        throw NaruException.Invalid($"error from receiver: {packet.Data.ToStringUtf8()}");
                    default:
                        throw NaruException.Invalid($"the client sent a packet of type {(int)packet.Type}, which only a sender sends");
                }
            }

            requested.TryComplete();
        }
        catch (Exception e)
        {
            requested.TryComplete(e);
            throw;
        }
    }

    private static Stat Describe(TreeEntry entry, byte[]? first, DateTimeOffset? epoch)
    {
        var metadata = entry.Metadata;
        var stat = new Stat
        {
            Path = ContextPath.Text(entry.Path),
            Mode = ContextEntry.GoMode(entry.Kind, metadata.Mode),
            Uid = metadata.Uid,
            Gid = metadata.Gid,
            Size = entry.Size,
            ModTime = epoch is { } time ? time.ToUnixTimeSeconds() * 1_000_000_000 : (metadata.Seconds * 1_000_000_000) + metadata.Nanoseconds,
            Linkname = ContextPath.Text(first ?? entry.LinkTarget),
            Devmajor = entry.DeviceMajor,
            Devminor = entry.DeviceMinor,
        };
        foreach (var xattr in entry.Xattrs)
            stat.Xattrs[ContextPath.Text(xattr.Name)] = ByteString.CopyFrom(xattr.Value);
        return stat;
    }
}
