using System.Text;
using Naru.Cli.Grpc;
using Naru.Linux;
using Naru.Rpc.Fsutil;

namespace Naru.Cli.Build.Files;

/// <summary>Takes a tree of files from the builder into a folder: what is there and not in the tree stays, what is in the way goes.</summary>
/// <remarks>All of it is ours, whatever its owner in the image. A few files are on their way at a time, each written by a writer of its own.</remarks>
internal sealed class TreeReceiver(GrpcStream call, string destination)
{
    private const int MostInFlight = 8;

    private static readonly (uint Uid, uint Gid) Owner = (Processes.EffectiveUid, Processes.EffectiveGid);

    private readonly Queue<Incoming> waiting = new();
    private readonly Dictionary<uint, Incoming> running = [];
    private readonly Stack<TreeWriter> idle = new();
    private readonly List<Stat> links = [];

    /// <summary>A file that is yet to come, or on its way: then it has a writer.</summary>
    private sealed class Incoming(uint id, Stat stat)
    {
        public uint Id { get; } = id;

        public Stat Stat { get; } = stat;

        public TreeWriter? Writer { get; set; }
    }

    /// <exception cref="GrpcException">The builder failed, or sent what makes no sense.</exception>
    /// <exception cref="LinuxException">A file could not be written.</exception>
    public void Run()
    {
        Directory.CreateDirectory(destination);
        using var writer = new TreeWriter(destination);
        try
        {
            Receive(writer);
            foreach (var link in links)
                writer.HardLink(PathOf(link.Path), PathOf(link.Linkname));
            writer.Complete();
        }
        finally
        {
            foreach (var file in running.Values)
                file.Writer?.Dispose();
            while (idle.TryPop(out var other))
                other.Dispose();
        }

        call.Write(new Packet { Type = Packet.Types.PacketType.PacketFin });
        call.Flush();
        while (call.Read(Packet.Parser) is { } packet && packet.Type != Packet.Types.PacketType.PacketFin)
        {
            // Its FIN is the last.
        }
    }

    private void Receive(TreeWriter writer)
    {
        uint next = 0;
        for (var told = false; !told || running.Count > 0 || waiting.Count > 0;)
        {
            var packet = call.Read(Packet.Parser) ?? throw new GrpcException(GrpcException.Unknown, "the builder ended in the middle of its result", []);
            switch (packet.Type)
            {
                case Packet.Types.PacketType.PacketStat when packet.Stat is null:
                    told = true;
                    break;
                case Packet.Types.PacketType.PacketStat:
                    Place(writer, packet.Stat, next++);
                    break;
                case Packet.Types.PacketType.PacketData:
                    Accept(packet);
                    break;
                case Packet.Types.PacketType.PacketErr:
                    throw new GrpcException(GrpcException.Unknown, $"error from sender: {packet.Data.ToStringUtf8()}", []);
            }

            Ask();
        }
    }

    private void Place(TreeWriter writer, Stat stat, uint id)
    {
        var path = PathOf(stat.Path);
        var metadata = Metadata(stat);
        switch (FileStats.KindOf(stat))
        {
            case TreeEntryKind.Directory:
                writer.Directory(path, metadata, []);
                break;
            case TreeEntryKind.Symlink:
                writer.Symlink(path, Encoding.UTF8.GetBytes(stat.Linkname), metadata, []);
                break;
            case TreeEntryKind.File when stat.Linkname.Length > 0:
                links.Add(stat);
                break;
            case TreeEntryKind.File:
                waiting.Enqueue(new Incoming(id, stat));
                break;
            case TreeEntryKind.Socket:
                break;
            case { } kind:
                writer.Node(path, kind, (uint)stat.Devmajor, (uint)stat.Devminor, metadata, []);
                break;
            default:
                throw new GrpcException(GrpcException.InvalidArgument, $"{stat.Path}: a file of the mode {stat.Mode:x}", []);
        }
    }

    private void Ask()
    {
        while (running.Count < MostInFlight && waiting.TryDequeue(out var file))
        {
            file.Writer = idle.TryPop(out var writer) ? writer : new TreeWriter(destination);
            running.Add(file.Id, file);
            file.Writer.BeginFile(PathOf(file.Stat.Path), Metadata(file.Stat));
            call.Write(new Packet { Type = Packet.Types.PacketType.PacketReq, ID = file.Id });
        }

        if (!call.Stream.HasData)
            call.Flush();
    }

    private void Accept(Packet packet)
    {
        if (!running.TryGetValue(packet.ID, out var file) || file.Writer is not { } writer)
            throw new GrpcException(GrpcException.InvalidArgument, $"data of the file {packet.ID}, which was not asked for", []);
        if (!packet.Data.IsEmpty)
        {
            writer.Write(packet.Data.Span);
            return;
        }

        writer.EndFile(Metadata(file.Stat), []);
        running.Remove(packet.ID);
        idle.Push(writer);
    }

    private static TreeMetadata Metadata(Stat stat)
    {
        var (seconds, rest) = Math.DivRem(stat.ModTime, 1_000_000_000);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + 1_000_000_000);
        return new TreeMetadata(FileStats.UnixMode(stat), Owner.Uid, Owner.Gid, seconds, (uint)rest);
    }

    /// <summary>A relative path that stays below the folder.</summary>
    private static byte[] PathOf(string path)
    {
        var relative = path.Trim('/');
        if (relative.Length == 0 || relative.Split('/').Any(part => part is "" or "." or ".."))
            throw new GrpcException(GrpcException.InvalidArgument, $"invalid path {GoText.Quote(path)} in the result", []);
        return Encoding.UTF8.GetBytes(relative);
    }
}
