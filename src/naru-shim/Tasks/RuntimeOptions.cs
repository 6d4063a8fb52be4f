using System.Text;

namespace Naru.Shim.Tasks;

/// <summary>Which runtime a task uses and how: from the containerd.runc.v1.Options of its creation, kept in the bundle for «delete».</summary>
internal sealed record RuntimeOptions(string Binary, string Root, bool SystemdCgroup, bool NoPivotRoot = false, bool NoNewKeyring = false, uint User = 0, uint Group = 0,
    string ShimCgroup = "")
{
    private const string FileName = "naru-runtime";

    private const string DefaultRoot = "/run/containerd/runc";

    public bool IsNaruRunc => Path.IsPathRooted(Binary) && Path.GetFileName(Binary) == "naru-runc";

    /// <summary>naru-runc beside this program.</summary>
    private static string DefaultBinary => Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, "naru-runc");

    /// <exception cref="NaruException">InvalidArgument: options of another kind.</exception>
    public static RuntimeOptions From(Any? any, string containerdNamespace)
    {
        if (any is null || any.TypeUrl.Length == 0)
            return Default(containerdNamespace);
        if (any.TypeUrl[(any.TypeUrl.LastIndexOf('/') + 1)..] != "containerd.runc.v1.Options")
            throw NaruException.Invalid($"runtime options of type {any.TypeUrl}: naru-shim takes containerd.runc.v1.Options");
        var options = Options.Parser.ParseFrom(any.Value);
        if (options.CriuImagePath.Length > 0 || options.CriuWorkPath.Length > 0)
            throw NaruException.Invalid("runtime options criu_image_path and criu_work_path: naru-shim makes and restores no checkpoints");
        return new RuntimeOptions(
            options.BinaryName.Length > 0 ? options.BinaryName : DefaultBinary,
            Path.Combine(options.Root.Length > 0 ? options.Root : DefaultRoot, containerdNamespace),
            options.SystemdCgroup, options.NoPivotRoot, options.NoNewKeyring, options.IoUid, options.IoGid, options.ShimCgroup);
    }

    private static RuntimeOptions Default(string containerdNamespace) => new(DefaultBinary, Path.Combine(DefaultRoot, containerdNamespace), false);

    public void Save(string bundle) =>
        AtomicFile.Write(Path.Combine(bundle, FileName), Encoding.UTF8.GetBytes($"{Binary}\n{Root}\n{(SystemdCgroup ? "systemd" : "cgroupfs")}\n"), durable: false);

    /// <summary>What a shim that has died used; the defaults when it had not come so far.</summary>
    public static RuntimeOptions Load(string bundle, string containerdNamespace)
    {
        var path = Path.Combine(bundle, FileName);
        if (!File.Exists(path))
            return Default(containerdNamespace);
        var lines = File.ReadAllLines(path);
        return new RuntimeOptions(lines[0], lines[1], lines[2] == "systemd");
    }

    /// <summary>The runtime's global flags.</summary>
    public IEnumerable<string> Global(string? log)
    {
        List<string> flags = ["--root", Root];
        if (log is not null)
            flags.AddRange(["--log", log, "--log-format", "json"]);
        if (SystemdCgroup)
            flags.Add("--systemd-cgroup");
        return flags;
    }
}
