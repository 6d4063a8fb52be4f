using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Rootfs;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Init;

/// <summary>process.terminal and process.consoleSize: a pty of the container's own devpts, whose master goes to who serves it.</summary>
internal static class ProcessTerminal
{
    /// <summary>Refuses a size that no terminal has.</summary>
    public static void Check(OciProcess process)
    {
        if (process is { Terminal: true, ConsoleSize: { } size } && (size.Width > ushort.MaxValue || size.Height > ushort.MaxValue))
            throw NaruException.Invalid($"invalid consoleSize: {size.Width} columns and {size.Height} rows: a terminal has at most {ushort.MaxValue} of each");
    }

    /// <summary>Opens one, gives it to the process's user, and hands the master over.</summary>
    /// <param name="root">The container's root.</param>
    /// <param name="socket">Where the master goes.</param>
    /// <param name="attach">Called before it goes: who has the master may rely on all of it.</param>
    public static PseudoTerminal Make(SafeFileHandle root, OciProcess process, SafeFileHandle socket, Action<PseudoTerminal>? attach = null)
    {
        var terminal = PseudoTerminal.Open(root);
        if (process.ConsoleSize is { } size)
            terminal.Resize((ushort)size.Width, (ushort)size.Height);
        attach?.Invoke(terminal);
        Files.ChangeOwner(terminal.Slave, process.User?.Uid ?? 0, Files.Status(terminal.Slave).Gid);
        ConsoleSocket.Send(socket, terminal.Master);
        return terminal;
    }

    /// <summary>Bind-mounts the terminal on /dev/console: a file of the image's or a mount there is covered, a link is not followed (CVE-2025-52565).</summary>
    public static void MountConsole(ContainerRoot root, PseudoTerminal terminal)
    {
        using var dev = root.MakeFolder("dev");
        using var console = TryOpen(dev) ?? Make(dev);
        if (Files.Status(console).Kind is FileKind.Symlink or FileKind.Directory)
            throw NaruException.Precondition("/dev/console in the image is no plain file");
        ContainerRoot.Mount(Files.PathOf(terminal.Slave), console, "/dev/console", null, MountFlags.Bind);
    }

    private static SafeFileHandle? TryOpen(SafeFileHandle dev) => Files.TryOpenInRoot(dev, "console", OpenFlags.PathOnly | OpenFlags.NoFollow);

    private static SafeFileHandle Make(SafeFileHandle dev)
    {
        Files.MakeNode(dev, "console", FileKind.Regular, 0x1B6);
        return Files.OpenInRoot(dev, "console", OpenFlags.PathOnly | OpenFlags.NoFollow);
    }
}
