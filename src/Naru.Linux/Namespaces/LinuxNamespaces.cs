using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Leaves, joins and names the calling process's namespaces.</summary>
public static unsafe class LinuxNamespaces
{
    /// <summary>unshare(2). A user namespace needs a process with one thread.</summary>
    public static void Unshare(NamespaceKinds kinds) => Errno.Check(Libc.unshare((int)kinds), "unshare");

    /// <summary>setns(2). A user or mount namespace needs a process with one thread; a pid namespace holds for children only.</summary>
    public static void Join(SafeFileHandle handle, NamespaceKinds kind) =>
        Errno.Check(Libc.setns(Files.Raw(handle), (int)kind), "setns", kind.ToString().ToLowerInvariant());

    /// <summary>Whether the calling process is in a user namespace that is not the machine's own: its ids are mapped.</summary>
    public static bool InUserNamespace() =>
        (Files.TryReadText("/proc/self/uid_map") ?? "").Split(' ', '\n').Where(word => word.Length > 0).ToArray() is not (["0", "0", "4294967295"] or []);

    public static void SetHostname(string name)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        fixed (byte* pointer = bytes)
            Errno.Check(Libc.sethostname(pointer, (nuint)bytes.Length), "sethostname");
    }

    public static void SetDomainname(string name)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        fixed (byte* pointer = bytes)
            Errno.Check(Libc.setdomainname(pointer, (nuint)bytes.Length), "setdomainname");
    }
}
