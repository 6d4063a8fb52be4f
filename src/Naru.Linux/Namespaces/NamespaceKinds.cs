namespace Naru.Linux;

/// <summary>Kinds of namespaces(7), as CLONE_NEW* bits.</summary>
[Flags]
public enum NamespaceKinds : ulong
{
    None = 0,
    Time = Libc.CLONE_NEWTIME,
    Mount = Libc.CLONE_NEWNS,
    Cgroup = Libc.CLONE_NEWCGROUP,
    Uts = Libc.CLONE_NEWUTS,
    Ipc = Libc.CLONE_NEWIPC,
    User = Libc.CLONE_NEWUSER,
    Pid = Libc.CLONE_NEWPID,
    Network = Libc.CLONE_NEWNET,
}
