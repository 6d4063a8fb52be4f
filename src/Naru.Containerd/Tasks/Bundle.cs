using System.Text.Json;
using Naru.Base;
using Naru.Linux;

namespace Naru.Containerd;

/// <summary>The folder that a shim works in, one a task.</summary>
/// <remarks>
/// <code>
/// STATE/io.containerd.runtime.v2.task/NAMESPACE/ID/
/// ├── config.json         the runtime-spec document
/// ├── rootfs/             where the shim mounts the root filesystem
/// ├── log                 the shim's own log
/// ├── shim-binary-path    the shim's program, for its delete action after a restart
/// └── bootstrap.json      where the shim answers: {"version":3,"address":"unix:///…","protocol":"ttrpc"}
/// </code>
/// </remarks>
public sealed class Bundle
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private Bundle(string state, string @namespace, string id)
    {
        Namespace = @namespace;
        Id = id;
        Folder = Path.Combine(Root(state), @namespace, id);
    }

    public string Namespace { get; }

    public string Id { get; }

    public string Folder { get; }

    public string RootFileSystem => Path.Combine(Folder, "rootfs");

    private string BinaryFile => Path.Combine(Folder, "shim-binary-path");

    private string BootstrapFile => Path.Combine(Folder, "bootstrap.json");

    /// <summary>Makes the folder with its config.</summary>
    /// <exception cref="NaruException">AlreadyExists.</exception>
    public static Bundle Create(string state, string @namespace, string id, ReadOnlySpan<byte> config, string shim)
    {
        var bundle = new Bundle(state, @namespace, id);
        if (Directory.Exists(bundle.Folder))
            throw NaruException.Exists($"bundle {id}: already exists");
        Directory.CreateDirectory(bundle.Folder, Private);
        Directory.CreateDirectory(bundle.RootFileSystem, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

        // Not a FIFO as the original's: a shim that outlives this daemon must not lose, or wait for, the reader of its log.
        File.WriteAllBytes(Path.Combine(bundle.Folder, "log"), []);
        AtomicFile.Write(Path.Combine(bundle.Folder, "config.json"), config, durable: false);
        AtomicFile.Write(bundle.BinaryFile, System.Text.Encoding.UTF8.GetBytes(shim), durable: false);
        return bundle;
    }

    /// <summary>The bundles that are there: after a restart.</summary>
    public static IReadOnlyList<Bundle> All(string state) => !Directory.Exists(Root(state))
        ? []
        : [.. from space in Directory.EnumerateDirectories(Root(state))
              from folder in Directory.EnumerateDirectories(space)
              select new Bundle(state, Path.GetFileName(space), Path.GetFileName(folder))];

    /// <summary>The shim's program, or null when the daemon died before it was written.</summary>
    public string? ReadBinary() => File.Exists(BinaryFile) ? File.ReadAllText(BinaryFile).Trim() : null;

    public void WriteBootstrap(ShimAddress address) => AtomicFile.Write(BootstrapFile, address.Format(), durable: false);

    /// <summary>Where the shim answers, or null when it never told.</summary>
    public ShimAddress? ReadBootstrap()
    {
        try
        {
            return File.Exists(BootstrapFile) ? ShimAddress.Parse(File.ReadAllText(BootstrapFile)) : null;
        }
        catch (Exception e) when (e is JsonException or NaruException)
        {
            Log.Warn($"bundle {Id}: {e.Message}");
            return null;
        }
    }

    /// <summary>What the shim logged, its end: for the message when it fails.</summary>
    public string ReadLog()
    {
        var path = Path.Combine(Folder, "log");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
    }

    /// <summary>Removes the folder. The root filesystem is unmounted first: a delete must never go through a mount.</summary>
    public void Delete()
    {
        if (!Directory.Exists(Folder))
            return;
        while (Directory.Exists(RootFileSystem) && Mounts.Unmount(RootFileSystem, detach: true))
        {
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string Root(string state) => Path.Combine(state, "io.containerd.runtime.v2.task");
}
