using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The host's procfs, opened and verified before anything of the container can stand in its way: what is written to it reaches the kernel and nothing else.</summary>
/// <remarks>CVE-2019-16884, CVE-2025-52881: a tmpfs over /proc, or a link in it, turns such writes into others.</remarks>
internal sealed class ProcFiles : IDisposable
{
    private const long ProcMagic = 0x9fa0;
    private const ulong RootInode = 1;

    private readonly SafeFileHandle _root;

    public ProcFiles()
    {
        _root = Files.Open("/proc", OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (Files.FileSystem(_root).Type == ProcMagic && Files.Status(_root).Inode == RootInode)
            return;
        _root.Dispose();
        throw NaruException.Precondition("/proc is not the root of a procfs");
    }

    /// <summary>Opens a file of it for writing, through no link and no other mount.</summary>
    /// <exception cref="LinuxException"/>
    public SafeFileHandle Open(string path) => Files.OpenBeneath(_root, path, OpenFlags.WriteOnly);

    public void Write(string path, string text)
    {
        try
        {
            using var file = Open(path);
            Files.Write(file, System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (LinuxException failure)
        {
            throw new LinuxException(failure.Number, "write", $"/proc/{path}");
        }
    }

    /// <summary>The calling process's own file of an attribute that a security module keeps: exec, keycreate, apparmor/exec.</summary>
    /// <exception cref="LinuxException">ENOENT: the kernel has no such attribute.</exception>
    public SafeFileHandle OpenAttribute(string name)
    {
        // /proc/self is a link of procfs' own: it is read here and not followed, so that nothing else can be.
        var self = Files.ReadLink(_root, "self");
        return Open($"{self}/attr/{name}");
    }

    public void Dispose() => _root.Dispose();
}
