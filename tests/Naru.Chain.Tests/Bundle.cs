using System.Text.Json.Nodes;

namespace Naru.Chain.Tests;

/// <summary>An OCI bundle whose root is Debian's busybox, for a runtime that is driven alone.</summary>
public sealed class Bundle : IDisposable
{
    private readonly TempFolder _folder = new();

    public Bundle(params string[] arguments)
    {
        var bin = Directory.CreateDirectory(_folder["rootfs/bin"]).FullName;
        foreach (var name in new[] { "etc", "proc", "sys", "dev", "tmp" })
        {
            Directory.CreateDirectory(_folder[$"rootfs/{name}"]);
        }
        File.Copy(Programs.Original("busybox"), Path.Combine(bin, "busybox"));
        foreach (var applet in Command.Must(Programs.Original("busybox"), "--list").Split('\n').Where(applet => applet != "busybox"))
        {
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        }
        Directory.CreateDirectory(State);
        Command.Must("sh", "-c", $"cd {_folder.Path} && {Programs.NaruRunc} spec");
        Change(spec =>
        {
            spec["process"]!["terminal"] = false;
            spec["process"]!["args"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]);
            spec["root"]!["readonly"] = false;
        });
    }

    public string At => _folder.Path;

    /// <summary>The runtime's --root, of this bundle alone.</summary>
    public string State => _folder["state"];

    public TempFolder Folder => _folder;

    /// <summary>Rewrites config.json.</summary>
    public void Change(Action<JsonNode> change)
    {
        var spec = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!;
        change(spec);
        File.WriteAllText(_folder["config.json"], spec.ToJsonString());
    }

    /// <summary>Runs the runtime with this bundle's --root.</summary>
    public Result Runtime(string runtime, params string[] arguments) =>
        Command.Run(runtime, ["--root", State, .. arguments], folder: _folder.Path);

    public void Dispose() => _folder.Dispose();
}
