using Microsoft.Win32.SafeHandles;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Checkpoint;

/// <summary>The options of a dump or a restore as CRIU takes them (criu_opts of images/rpc.proto): those that both have, and the folders that they are about.</summary>
internal sealed class CriuRequest : IDisposable
{
    private const int NetworkNamespace = 0x40000000;

    private readonly SafeFileHandle _images;
    private readonly SafeFileHandle? _work;

    /// <param name="root">The container's root file system, absolute.</param>
    /// <param name="criu">A CRIU that has a mount namespace of its own, by its pid: its folders must be of there, as it mounts in them. 0: it has the runtime's.</param>
    public CriuRequest(CriuOptions options, Spec spec, string log, string root, int criu = 0)
    {
        const int debugging = 4;
        _images = Open(options.ImagePath, criu);
        Options.Number(CriuOption.ImagesDirFd, Number(_images));
        Options.Flag(CriuOption.ExtUnixSk, options.ExternalSockets);
        Options.Flag(CriuOption.TcpEstablished, options.TcpEstablished);
        Options.Flag(CriuOption.ShellJob, options.ShellJob);
        Options.Flag(CriuOption.FileLocks, options.FileLocks);
        Options.Number(CriuOption.LogLevel, debugging);
        Options.Text(CriuOption.LogFile, log);
        Options.Flag(CriuOption.NotifyScripts, true);
        Options.Text(CriuOption.Root, root);
        Options.Flag(CriuOption.AutoDedup, options.AutoDedup);
        if (options.WorkPath is { } path)
        {
            Files.MakeFolder(path, 0x1C0);
            _work = Open(path, criu);
            Options.Number(CriuOption.WorkDirFd, Number(_work));
        }

        Options.Flag(CriuOption.ManageCgroups, true);
        Options.Number(CriuOption.ManageCgroupsMode, options.CgroupsMode);
        // Devices and addresses are for whoever made them to make again.
        Options.Number(CriuOption.EmptyNs, NetworkNamespace);
        Options.Flag(CriuOption.LazyPages, options.LazyPages);
        Options.Flag(CriuOption.OrphanPtsMaster, true);
        if (ConfigurationOf(spec) is { Length: > 0 } configuration)
            Options.Text(CriuOption.ConfigFile, configuration);
        Log = $"{options.WorkPath ?? options.ImagePath}/{log}";
    }

    public ProtoWriter Options { get; } = new();

    /// <summary>Where CRIU writes its log.</summary>
    public string Log { get; }

    /// <summary>A mount whose content is not the container's.</summary>
    /// <param name="key">Dump: where it is in the container. Restore: the name that it was given.</param>
    /// <param name="value">Dump: the name to give it. Restore: what to mount there.</param>
    public void External(string key, string value) => Options.Message(CriuOption.ExtMnt, Pair(key, value));

    /// <summary>An object of the outside that CRIU leaves alone.</summary>
    public void External(string what) => Options.Text(CriuOption.External, what);

    /// <param name="controller">As /proc/PID/cgroup names it; empty for the unified hierarchy.</param>
    public void CgroupRoot(string controller, string path) => Options.Message(CriuOption.CgRoot, Pair(controller, path));

    public void Inherit(string key, int descriptor)
    {
        var inherited = new ProtoWriter();
        inherited.Text(1, key);
        inherited.Number(2, descriptor);
        Options.Message(CriuOption.InheritFd, inherited);
    }

    public void Join(string kind, string path) => Options.Message(CriuOption.JoinNs, Pair(kind, path));

    public void Dispose()
    {
        _images.Dispose();
        _work?.Dispose();
    }

    public static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static SafeFileHandle Open(string path, int criu)
    {
        var folder = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (criu == 0)
            return folder;
        // Without links, which would lead back to the runtime's mounts.
        using (folder)
            return Files.Open($"/proc/{criu}/root{Files.ReadLink(Files.PathOf(folder))}", OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    /// <summary>CRIU's own configuration file, whose settings come before these: the one that an annotation names, none if that is empty, else the usual one.</summary>
    private static string ConfigurationOf(Spec spec) =>
        spec.Annotations is { } annotations && annotations.TryGetValue("org.criu.config", out var named) ? named : "/etc/criu/runc.conf";

    private static ProtoWriter Pair(string first, string second)
    {
        var pair = new ProtoWriter();
        pair.Text(1, first);
        pair.Text(2, second);
        return pair;
    }
}
