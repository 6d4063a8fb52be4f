using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Rootfs;

/// <summary>The root file system that a container is being given: a mount, seen from the host's side, and its paths as the container will name them.</summary>
/// <remarks>
/// Every path is resolved inside the root by openat2 and mounted on through its descriptor, so no symlink that the image or a racing process plants leads out.
/// </remarks>
internal sealed class ContainerRoot(string path) : IDisposable
{
    private string? _own;

    /// <summary>On the host.</summary>
    public string Path { get; } = path;

    public SafeFileHandle Handle { get; } = Files.Open(path, OpenFlags.PathOnly | OpenFlags.Directory);

    /// <summary>It is there, with no link on its path: what that leads to could be another folder at each look.</summary>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static void Check(string path)
    {
        using var folder = Files.TryOpen(path, OpenFlags.PathOnly) ?? throw NaruException.Invalid($"invalid rootfs: stat {path}: no such file or directory");
        if (Files.ReadLink(Files.PathOf(folder)) != System.IO.Path.TrimEndingDirectorySeparator(path))
            throw NaruException.Invalid("invalid rootfs: not an absolute path, or a symlink");
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>What is at a path now, links followed: of several mounts the one on top.</summary>
    public SafeFileHandle Open(string path) => Files.OpenInRoot(Handle, path, OpenFlags.PathOnly);

    public SafeFileHandle? TryOpen(string path) => Files.TryOpenInRoot(Handle, path, OpenFlags.PathOnly);

    /// <summary>A folder to mount on, made with its parents where there is none.</summary>
    public SafeFileHandle MakeFolder(string path) => Files.MakeFoldersInRoot(Handle, path);

    /// <summary>A file to mount on. One that is there already is never opened but as a path: it may be a device or a FIFO. Where a link leads to nothing, it is made there.</summary>
    public SafeFileHandle MakeFile(string path) => Files.MakeFileInRoot(Handle, path);

    /// <summary>The container's path of what is open, as the kernel has it, links resolved.</summary>
    public string PathOf(SafeFileHandle handle)
    {
        var whole = Files.TryReadLink(Files.PathOf(handle)) ?? "";
        _own ??= Files.TryReadLink(Files.PathOf(Handle)) ?? "";
        if (_own == "/")
            return whole;
        if (whole == _own)
            return "/";
        return whole.StartsWith(_own, StringComparison.Ordinal) && whole[_own.Length] == '/'
            ? whole[_own.Length..]
            : throw NaruException.Precondition($"possibly malicious path detected -- refusing to operate on {whole}");
    }

    /// <summary>mount(2) on an open file or folder.</summary>
    /// <param name="destination">As config.json names it, for the error.</param>
    /// <exception cref="NaruException">Names the step, with the errno's text; <see cref="Exception.InnerException"/> is the <see cref="LinuxException"/>.</exception>
    public static void Mount(string? source, SafeFileHandle target, string destination, string? type, MountFlags flags, string data = "")
    {
        try
        {
            Mounts.Mount(source, Files.PathOf(target), type, flags, data);
        }
        catch (LinuxException failure)
        {
            var text = $"mount {(source is null ? "" : $"src={source}, ")}dst={destination}{(flags == 0 ? "" : $", flags={NamesOf(flags)}")}{(data.Length > 0 ? $", data={data}" : "")}: {Errno.Text(failure.Number)}";
            throw new NaruException(ErrorKind.Internal, text, failure);
        }
    }

    /// <summary>Flags by their names in sys/mount.h: MS_RDONLY|MS_BIND.</summary>
    public static string NamesOf(MountFlags flags)
    {
        var names = new List<string>();
        foreach (var (flag, name) in ((MountFlags, string)[])
            [
                (MountFlags.ReadOnly, "MS_RDONLY"), (MountFlags.NoSuid, "MS_NOSUID"), (MountFlags.NoDev, "MS_NODEV"), (MountFlags.NoExec, "MS_NOEXEC"),
                (MountFlags.Synchronous, "MS_SYNCHRONOUS"), (MountFlags.Remount, "MS_REMOUNT"), (MountFlags.Mandlock, "MS_MANDLOCK"), (MountFlags.DirSync, "MS_DIRSYNC"),
                (MountFlags.NoSymlinkFollow, "MS_NOSYMFOLLOW"), (MountFlags.NoAtime, "MS_NOATIME"), (MountFlags.NoDirAtime, "MS_NODIRATIME"), (MountFlags.Bind, "MS_BIND"),
                (MountFlags.Recursive, "MS_REC"), (MountFlags.Unbindable, "MS_UNBINDABLE"), (MountFlags.Private, "MS_PRIVATE"), (MountFlags.Slave, "MS_SLAVE"),
                (MountFlags.Shared, "MS_SHARED"), (MountFlags.RelAtime, "MS_RELATIME"), (MountFlags.StrictAtime, "MS_STRICTATIME"), (MountFlags.LazyTime, "MS_LAZYTIME"),
            ])
        {
            if (flags.HasFlag(flag))
                names.Add(name);
        }

        return string.Join('|', names);
    }
}
