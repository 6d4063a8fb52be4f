using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Init;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>Sources of bind mounts that the container's process cannot open itself: closed to the ids of its user namespace, or to be shown under other ids.</summary>
/// <remarks>
/// A process of the runtime's, with the rights of the host's user namespace, enters the container's mount namespace, clones them there, so that what is locked and shared is as if
/// the container had mounted them, and hands the detached mounts over: each when the container's process asks for it, in config.json's order.
/// </remarks>
internal sealed class MountSources : IDisposable
{
    private readonly List<(int Index, OciMount Mount, MountOptions Options)> _wanted;
    private readonly string _bundle;
    private readonly (SafeFileHandle Runtimes, SafeFileHandle Childs) _sockets;
    private int _taken;

    private MountSources(List<(int Index, OciMount Mount, MountOptions Options)> wanted, string bundle) =>
        (_wanted, _bundle, _sockets) = (wanted, bundle, SocketPair.Create());

    /// <summary>Runtime, before the fork: null where the container's process needs none.</summary>
    /// <param name="closed">Whether any source may be closed to it: it has a user namespace, and the runtime more rights than that.</param>
    public static MountSources? For(Spec spec, string bundle, bool closed)
    {
        List<(int, OciMount, MountOptions)>? wanted = null;
        var mounts = spec.Mounts ?? [];
        for (var index = 0; index < mounts.Count; index++)
        {
            var mapped = IsMapped(mounts[index]);
            if (!closed && !mapped)
                continue;
            var options = MountOptions.Parse(mounts[index].Options);
            if (options.IsBind)
                (wanted ??= []).Add((index, mounts[index], options));
        }

        return wanted is null ? null : new MountSources(wanted, bundle);
    }

    /// <summary>Whether a mount shows its files under other ids.</summary>
    public static bool IsMapped(OciMount mount)
    {
        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
            return true;
        foreach (var option in mount.Options ?? [])
        {
            if (option is "idmap" or "ridmap")
                return true;
        }

        return false;
    }

    /// <summary>A bind mount's source on the host: relative ones are relative to the bundle.</summary>
    public static string PathOf(OciMount mount, string bundle) => mount.Source is ['/', ..] ? mount.Source : Path.GetFullPath(Path.Combine(bundle, mount.Source ?? ""));

    /// <summary>Container's process, once the runtime was told to serve, as it comes to each mount: a source may lie in what is mounted before.</summary>
    /// <param name="index">The mount's number in config.json.</param>
    /// <returns>Null: it can open the source itself.</returns>
    /// <exception cref="NaruException">What went wrong there.</exception>
    public SafeFileHandle? TryTake(int index)
    {
        if (_taken == _wanted.Count || _wanted[_taken].Index != index)
            return null;
        if (_taken++ == 0)
            _sockets.Runtimes.Dispose();
        var handles = new List<SafeFileHandle>();
        var text = new byte[4096];
        Files.Write(_sockets.Childs, "m"u8);
        // A letter comes with each mount; an error comes as text without one.
        var count = SocketPair.Receive(_sockets.Childs, text.AsSpan(0, 1), handles);
        if (handles.Count == 1)
            return handles[0];
        for (int more; count > 0 && count < text.Length && (more = Files.Read(_sockets.Childs, text.AsSpan(count))) > 0;)
            count += more;
        throw new NaruException(ErrorKind.Internal, $"failed to fulfil mount request: {(count > 0 ? Encoding.UTF8.GetString(text, 0, count) : "the runtime has ended")}");
    }

    /// <summary>Runtime: makes and sends what is wanted. What cannot be made is the container's process to complain of.</summary>
    /// <param name="pid">The container's process, in its mount namespace.</param>
    public void Serve(int pid)
    {
        _sockets.Childs.Dispose();
        var server = Processes.Fork();
        if (server == 0)
        {
            try
            {
                SendAll(pid);
            }
            catch (Exception failure) when (failure is LinuxException or NaruException)
            {
                Files.Write(_sockets.Runtimes, Encoding.UTF8.GetBytes(failure.Message));
            }

            Processes.Exit(0);
        }

        _sockets.Runtimes.Dispose();
        Processes.Wait(server);
    }

    public void Dispose()
    {
        _sockets.Runtimes.Dispose();
        _sockets.Childs.Dispose();
    }

    private void SendAll(int pid)
    {
        // By the host's /proc, before it is left behind. The container's process still has the runtime's root, in its own mount namespace.
        var users = _wanted.ConvertAll(entry => IsMapped(entry.Mount) ? UsersOf(entry.Mount, pid) : null);
        using (var root = Files.Open($"/proc/{pid}/root", OpenFlags.PathOnly | OpenFlags.Directory))
        using (var mounts = Files.Open($"/proc/{pid}/ns/mnt", OpenFlags.ReadOnly))
        {
            LinuxNamespaces.Join(mounts, NamespaceKinds.Mount);
            Processes.ChangeFolder(root);
            Processes.ChangeRoot(".");
        }

        Span<byte> asked = stackalloc byte[1];
        // Until the container's process has all of them, or ends.
        for (var number = 0; number < _wanted.Count && Files.Read(_sockets.Runtimes, asked) > 0; number++)
        {
            var (_, mount, options) = _wanted[number];
            var path = PathOf(mount, _bundle);
            using var clone = Clone(path, options.Set.HasFlag(MountFlags.Recursive));
            if (users[number] is { } own)
                MapIds(clone, own, path, options.MapIdsRecursively);
            SocketPair.Send(_sockets.Runtimes, "m"u8, [clone]);
        }
    }

    private static SafeFileHandle Clone(string path, bool recursive)
    {
        try
        {
            return DetachedMounts.Clone(path, recursive);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"open {path}: {Errno.Text(failure.Number)}", failure);
        }
    }

    private static void MapIds(SafeFileHandle mount, SafeFileHandle users, string path, bool recursive)
    {
        try
        {
            DetachedMounts.MapIds(mount, users, recursive);
        }
        catch (LinuxException failure)
        {
            var why = failure.Number == Errno.EINVAL ? " (maybe the filesystem used doesn't support idmap mounts on this kernel?)" : "";
            throw new NaruException(ErrorKind.Internal, $"failed to set MOUNT_ATTR_IDMAP on {path}: {Errno.Text(failure.Number)}{why}", failure);
        }
    }

    /// <summary>The user namespace whose mappings a mount shows: the container's own where it names none.</summary>
    private static SafeFileHandle UsersOf(OciMount mount, int pid) => mount.UidMappings is { Count: > 0 }
        ? UserNamespaces.Make(IdMaps.TextOf(mount.UidMappings), IdMaps.TextOf(mount.GidMappings))
        : Files.Open($"/proc/{pid}/ns/user", OpenFlags.ReadOnly);
}
