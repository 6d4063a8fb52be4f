namespace Naru.Chain.Tests;

/// <summary>naru-containerd alone: what it answers ctr, and what a crash, a full disk or a damaged blob leaves of it.</summary>
public sealed class ContainerdTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NaruContainerd _daemon;

    public ContainerdTests() => _daemon = new(_folder);

    public void Dispose()
    {
        _daemon.Dispose();
        _folder.Dispose();
    }

    [ChainFact("ctr")]
    public void A_second_one_on_the_same_root_says_so_in_one_line()
    {
        _daemon.Start();
        Assert.Equal(new(1, "", $"naru-containerd: another naru-containerd serves {_daemon.Root}\n"), _daemon.StartAnother());
        Assert.Equal(0, _daemon.Ctr("version").Code);
    }

    [ChainFact("ctr")]
    public void An_exported_image_comes_back_the_same()
    {
        Prepare();
        var before = _daemon.Must("images", "ls");
        _daemon.Must("images", "export", _folder["out.tar"], NaruContainerd.Image);
        _daemon.Must("images", "rm", "--sync", NaruContainerd.Image);
        Assert.Equal(0, _daemon.Entries("content/blobs/sha256"));
        Assert.Equal(0, _daemon.Entries("snapshots"));
        _daemon.Must("images", "import", _folder["out.tar"]);
        Assert.Equal(before, _daemon.Must("images", "ls"));
        Assert.Equal(new(0, "back\n", ""), _daemon.Run("nct-back", "echo", "back"));
    }

    [ChainFact("ctr")]
    public void A_diff_holds_what_the_container_changed_and_nothing_else()
    {
        Prepare();
        _daemon.RunDetached("nct-diff", "sleep", "60");
        _daemon.Must("tasks", "exec", "--exec-id", "e", "nct-diff", "sh", "-c", "mkdir /new; echo x >/new/f; ln /new/f /new/g; rm /etc/group; rm -r /var");
        // dev, proc, run, sys: where the runtime mounted
        Assert.Equal(
            [".wh.var", "dev/", "etc/", "etc/.wh.group", "new/", "new/f", "new/g", "proc/", "run/", "sys/"],
            Shell("ctr --address $SOCK snapshots diff --keep=false nct-diff | tar tz").Split('\n').Order(StringComparer.Ordinal));
        End("nct-diff");
    }

    [ChainFact("ctr")]
    public void An_exit_while_it_was_away_is_found()
    {
        Prepare();
        _daemon.RunDetached("nct-away", "sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 7");
        _daemon.RunDetached("nct-stays", "sleep", "60");
        var root = _folder.Mounts().Single(at => at.EndsWith("/nct-away/rootfs", StringComparison.Ordinal));
        _daemon.Kill();
        File.WriteAllText(Path.Combine(root, "go"), "");
        _daemon.Start();
        Command.Until(() => _daemon.Must("tasks", "ls").Split('\n').Any(line => line.StartsWith("nct-away", StringComparison.Ordinal) && line.Contains("STOPPED")), "the task to be stopped");
        Assert.Contains("exit with non-zero exit code 7", _daemon.Ctr("tasks", "rm", "nct-away").Error);
        Assert.Equal(new(0, "here\n", ""), _daemon.Ctr("tasks", "exec", "--exec-id", "e", "nct-stays", "echo", "here"));
        _daemon.Must("containers", "rm", "nct-away");
        End("nct-stays");
    }

    [ChainFact("ctr")]
    public void Killed_again_and_again_while_it_works_it_never_shows_half_an_image()
    {
        _daemon.Start();
        for (var wait = 0; wait < 60; wait += 10)
        {
            var import = Command.Start(Programs.Original("ctr"), ["--address", _folder["c.sock"], "images", "import", _daemon.Archive()]);
            Thread.Sleep(wait);
            _daemon.Kill();
            import.Kill();
            import.WaitForExit();
            _daemon.Start();
            if (_daemon.Must("images", "ls", "-q").Length == 0)
                continue;
            Assert.Contains("complete", _daemon.Must("images", "check"));
            _daemon.Must("images", "rm", "--sync", NaruContainerd.Image);
        }

        Assert.Equal(0, _daemon.Import().Code);
        Assert.Equal(new(0, "whole\n", ""), _daemon.Run("nct-whole", "echo", "whole"));
    }

    [ChainFact("ctr")]
    public void A_full_disk_is_said_and_nothing_stays_of_what_did_not_fit()
    {
        Directory.CreateDirectory(_daemon.Root);
        Command.Must("mount", "-t", "tmpfs", "-o", "size=8m", "nct", _daemon.Root);
        _daemon.Start();
        Command.Must("dd", "if=/dev/zero", $"of={_daemon.Root}/filler", "bs=1M", "count=7");
        var result = _daemon.Import();
        Assert.NotEqual(0, result.Code);
        Assert.Contains("no space left on device", result.Error);
        Assert.Equal("", _daemon.Must("images", "ls", "-q"));
        Assert.Equal(0, _daemon.Entries("snapshots"));
        File.Delete(Path.Combine(_daemon.Root, "filler"));
        result = _daemon.Import();
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(new(0, "fits\n", ""), _daemon.Run("nct-fits", "echo", "fits"));
    }

    [ChainFact("ctr")]
    public void A_damaged_layer_is_not_unpacked()
    {
        _daemon.Start();
        _daemon.Must("images", "import", "--no-unpack", _daemon.Archive());
        var layer = Directory.EnumerateFiles(Path.Combine(_daemon.Root, "content/blobs/sha256")).MaxBy(file => new FileInfo(file).Length)!;
        var bytes = File.ReadAllBytes(layer);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(layer, bytes);
        var result = _daemon.Import();
        Assert.NotEqual(0, result.Code);
        Assert.Contains("wrong diff id calculated on extraction", result.Error);
        Assert.Single(_daemon.Must("snapshots", "ls").Split('\n'));
    }

    [ChainFact("ctr")]
    public void A_namespace_that_holds_something_stays()
    {
        Prepare();
        _daemon.Must("namespaces", "create", "nct-empty", "a=b");
        Assert.Contains("must be empty", _daemon.Ctr("namespaces", "rm", "default").Error);
        _daemon.Must("namespaces", "rm", "nct-empty");
        Assert.Equal("default", _daemon.Must("namespaces", "ls", "-q"));
    }

    private void Prepare()
    {
        _daemon.Start();
        var imported = _daemon.Import();
        Assert.True(imported.Code == 0, imported.ToString());
    }

    private void End(string id)
    {
        _daemon.Must("tasks", "kill", "-s", "KILL", id);
        Command.Until(() => _daemon.Must("tasks", "ls").Contains("STOPPED"), "the task to stop");
        _daemon.Ctr("tasks", "rm", id);
        _daemon.Must("containers", "rm", id);
    }

    private string Shell(string script) => Command.Must("sh", "-c", script.Replace("$SOCK", _folder["c.sock"], StringComparison.Ordinal));
}
