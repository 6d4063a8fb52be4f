using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>A naru-containerd of its own on a folder, driven by Debian's ctr. What it leaves behind goes with the folder.</summary>
internal sealed class NaruContainerd(TempFolder folder) : IDisposable
{
    public const string Image = "docker.io/library/busybox:naru";

    private const string Runtime = "io.containerd.naru.v2";
    private Process? _process;

    public string Root => folder["root"];

    private string Socket => folder["c.sock"];

    private string Flags => $"--root {Root} --state {folder["state"]} --address {Socket}";

    /// <summary>Starts it, and waits until it answers.</summary>
    public void Start()
    {
        _process = Process.Start("sh", ["-c", $"exec {Programs.NaruContainerd} {Flags} >>{folder["c.log"]} 2>&1 </dev/null"]);
        Command.Until(() => Ctr("version").Code == 0, "naru-containerd to answer");
    }

    /// <summary>One more instance on the same folders, as it ends.</summary>
    public Result StartAnother() => Command.Run(Programs.NaruContainerd, Flags.Split(' '));

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public Result Ctr(params string[] arguments) => Command.Run(Programs.Original("ctr"), ["--address", Socket, .. arguments]);

    /// <summary>ctr's stdout without the last newline; the test fails when it fails.</summary>
    public string Must(params string[] arguments)
    {
        var result = Ctr(arguments);
        Assert.True(result.Code == 0, $"ctr {string.Join(' ', arguments)}: {result}");
        return result.Out.TrimEnd('\n');
    }

    public Result Run(string id, params string[] command) => Ctr(["run", "--rm", "--runtime", Runtime, Image, id, .. command]);

    public void RunDetached(string id, params string[] command) => Must(["run", "-d", "--runtime", Runtime, Image, id, .. command]);

    /// <summary>Imports the tests' busybox image.</summary>
    public Result Import() => Ctr("images", "import", Archive());

    /// <summary>How many entries a folder of the root has: <c>snapshots</c>, <c>content/ingest</c>…</summary>
    public int Entries(string path) => Directory.EnumerateFileSystemEntries(Path.Combine(Root, path)).Count();

    public string Archive()
    {
        if (!File.Exists(folder["image.tar"]))
            Command.Must(Path.Combine(Programs.Root, "eng/image"), "busybox:naru", folder["image.tar"]);
        return folder["image.tar"];
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        Command.Run("/bin/kill", [_process.Id.ToString()]);
        _process.WaitForExit(10_000);
    }
}
