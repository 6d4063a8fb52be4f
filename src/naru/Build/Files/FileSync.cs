using System.Net;
using System.Text;
using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Linux;
using Naru.Rpc.Fsutil;

namespace Naru.Cli.Build.Files;

/// <summary>moby.filesync.v1.FileSync: the builder asks for a folder by its name, is told of all that is in it, and asks for the files that it lacks.</summary>
internal sealed class FileSync
{
    private const int Part = 64 * 1024;

    private readonly Dictionary<string, string> folders = new(StringComparer.Ordinal);

    /// <summary>Lends a folder under a name ("context", "dockerfile", a named context).</summary>
    public void Lend(string name, string folder) => folders[name] = folder;

    public bool Lends(string name) => folders.ContainsKey(name);

    public void Register(GrpcServer server) => server.Add("/moby.filesync.v1.FileSync/DiffCopy", Send);

    /// <summary>STAT of each entry in order, an empty STAT after the last; meanwhile each REQ is answered by DATA and an empty DATA; FIN both ways.</summary>
    private void Send(GrpcStream call, List<HeaderField> metadata)
    {
        var name = Values(metadata, "dir-name") is [var only, ..] ? only : "";
        if (!folders.TryGetValue(name, out var folder))
            throw new GrpcException(GrpcException.NotFound, $"no access allowed to dir {GoText.Quote(name)}", []);
        using var tree = new FolderListing(folder);
        var include = Values(metadata, "include-patterns");
        if (Values(metadata, "followpaths") is { Count: > 0 } followed)
        {
            if (FollowedPaths.Resolve(tree, followed) is { } paths)
                include.AddRange(paths);
            else
                include.Clear();
        }

        var exclude = new PatternList(Values(metadata, "exclude-patterns"));
        using var sending = new Sending(call, tree);
        sending.Begin(new PatternList(include), exclude);
        sending.Answer();
    }

    /// <summary>All values of one header; those of names that are not ASCII come escaped, as a second header says.</summary>
    private static List<string> Values(List<HeaderField> metadata, string name)
    {
        var escaped = GrpcClient.Find(metadata, name + "-encoded") == "1";
        var values = new List<string>();
        foreach (var field in metadata)
        {
            if (field.Name == name)
                values.Add(escaped ? WebUtility.UrlDecode(field.Value) : field.Value);
        }

        return values;
    }

    /// <summary>One transfer: a thread walks and tells, the call's own answers.</summary>
    private sealed class Sending(GrpcStream call, FolderListing tree) : IDisposable
    {
        /// <summary>Paths of the files that may be asked for, by their number in the order of STATs; null: no file.</summary>
        private readonly List<byte[]?> files = [];
        private readonly Dictionary<string, string> seen = new(StringComparer.Ordinal);
        private readonly byte[] buffer = new byte[Part];
        private Exception? failure;
        private bool walking;

        public void Begin(PatternList include, PatternList exclude)
        {
            walking = true;
            SpareThreads.Run(() => Walk(include, exclude));
        }

        public void Answer()
        {
            while (call.Read(Packet.Parser) is { } packet)
            {
                switch (packet.Type)
                {
                    case Packet.Types.PacketType.PacketReq:
                        SendFile(packet.ID);
                        break;
                    case Packet.Types.PacketType.PacketFin:
                        lock (call)
                            call.Write(new Packet { Type = Packet.Types.PacketType.PacketFin });
                        return;
                    case Packet.Types.PacketType.PacketErr:
                        throw new GrpcException(GrpcException.Unknown, $"error from receiver: {packet.Data.ToStringUtf8()}", []);
                }
            }

            if (failure is not null)
                throw new GrpcException(GrpcException.Unknown, failure.Message, []);
        }

        /// <summary>Waits until nobody walks: the folder is closed next.</summary>
        public void Dispose()
        {
            lock (files)
            {
                while (walking)
                    Monitor.Wait(files);
            }
        }

        private void Walk(PatternList include, PatternList exclude)
        {
            try
            {
                new ContextWalk(tree, include, exclude, Tell).Run();
                lock (call)
                {
                    call.Write(new Packet());
                    call.Flush();
                }
            }
            catch (Exception e) when (e is LinuxException or NaruException)
            {
                failure = e;
                TellError(e.Message);
            }
            catch (Exception e) when (e is GrpcException or ObjectDisposedException)
            {
                // The builder has gone, which the other thread sees as well.
                failure = e;
            }
            finally
            {
                lock (files)
                {
                    walking = false;
                    Monitor.PulseAll(files);
                }
            }
        }

        private void TellError(string message)
        {
            try
            {
                lock (call)
                {
                    call.Write(new Packet { Type = Packet.Types.PacketType.PacketErr, Data = ByteString.CopyFromUtf8(message) });
                    call.Flush();
                }
            }
            catch (GrpcException)
            {
                // As above.
            }
        }

        private void Tell(TreeEntry entry, string path)
        {
            var stat = FileStats.Of(entry, path);
            if (entry.Kind != TreeEntryKind.Directory && entry.Links > 1)
            {
                var (major, minor, inode) = entry.Identity;
                var identity = $"{major}:{minor}:{inode}";
                if (!seen.TryAdd(identity, path))
                    (stat.Linkname, stat.Size) = (seen[identity], 0);
            }

            lock (call)
            {
                files.Add(entry.Kind == TreeEntryKind.File && stat.Linkname.Length == 0 ? entry.Path : null);
                call.Write(new Packet { Stat = stat });
            }
        }

        private void SendFile(uint id)
        {
            byte[]? path;
            lock (call)
                path = id < files.Count ? files[(int)id] : null;
            if (path is null)
                throw new GrpcException(GrpcException.InvalidArgument, $"invalid file id {id}", []);
            try
            {
                using var file = tree.Open(path);
                int count;
                do
                {
                    count = Linux.Files.Read(file, buffer);
                    SendData(id, buffer.AsSpan(0, count));
                }
                while (count > 0);
            }
            catch (LinuxException e)
            {
                TellError($"failed to read {Encoding.UTF8.GetString(path)}: {e.Message}");
                throw;
            }
        }

        /// <summary>A DATA packet, its few fields written by hand: the bytes are copied once. No bytes: the file's end.</summary>
        private void SendData(uint id, ReadOnlySpan<byte> bytes)
        {
            Span<byte> head = stackalloc byte[16];
            head[0] = 1 << 3;
            head[1] = (byte)Packet.Types.PacketType.PacketData;
            var size = 2;
            if (id > 0)
                size = Number(head, size, 3 << 3, id);
            if (!bytes.IsEmpty)
                size = Number(head, size, (4 << 3) | 2, (uint)bytes.Length);
            lock (call)
            {
                var message = call.Reserve(size + bytes.Length);
                head[..size].CopyTo(message);
                bytes.CopyTo(message[size..]);
                // While more requests wait, answers go out together.
                if (bytes.IsEmpty && !call.Stream.HasData)
                    call.Flush();
            }
        }

        private static int Number(Span<byte> into, int at, int tag, uint value)
        {
            into[at++] = (byte)tag;
            for (; value >= 0x80; value >>= 7)
                into[at++] = (byte)(value | 0x80);
            into[at++] = (byte)value;
            return at;
        }
    }
}
