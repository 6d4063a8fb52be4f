using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>process.terminal and process.consoleSize over a console socket, and a /dev/console that leads elsewhere.</summary>
public sealed class ConsoleTests : IDisposable
{
    private const string Look = "stty size; tty; tty </dev/console; stat -c %u:%g:%a /dev/pts/0; grep -c ' /dev/console ' /proc/self/mountinfo";

    // Takes one terminal and prints all that is said on it.
    private const string Server = """
        import array, os, socket, sys
        listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen(1); print("ready", flush=True)
        peer, _ = listener.accept(); _, control, _, _ = peer.recvmsg(64, socket.CMSG_SPACE(4)); terminal = array.array("i", control[0][2])[0]
        try:
            while said := os.read(terminal, 4096): sys.stdout.write(said.decode().replace("\r", ""))
        except OSError: pass
        """;

    private readonly string _id = $"nci-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose()
    {
        _bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        _bundle.Dispose();
    }

    [ChainTheory("python3")]
    [InlineData("run -d --console-socket s")]
    [InlineData("create --console-socket s")]
    public void The_terminal_has_the_size_and_the_user_of_the_configuration(string command)
    {
        _bundle.Change(spec =>
        {
            spec.Script(Look);
            spec["process"]!["terminal"] = true;
            spec["process"]!["consoleSize"] = new JsonObject { ["width"] = 91, ["height"] = 23 };
        });
        Assert.Equal("23 91\n/dev/pts/0\n/dev/console\n0:5:620\n1\n", Serve($"{command} {_id}"));
        _bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        // (no size: a terminal has none until someone gives it one)
        _bundle.Change(spec =>
        {
            spec.Script("tty; stat -c %u:%g:%a /dev/pts/0 /dev/console");
            spec["process"]!["user"] = JsonNode.Parse("""{"uid": 5, "gid": 6}""");
            spec["process"]!["consoleSize"] = null;
        });
        Assert.Equal("/dev/pts/0\n5:5:620\n5:5:620\n", Serve($"{command} {_id}"));
    }

    [ChainFact("python3")]
    public void An_exec_has_a_terminal_of_the_size_of_its_file()
    {
        Hold();
        foreach (var (size, shown) in new (JsonNode?, string)[] { (new JsonObject { ["width"] = 33, ["height"] = 44 }, "44 33\n"), (null, "") })
        {
            var process = JsonNode.Parse(File.ReadAllText(_bundle.Folder["config.json"]))!["process"]!;
            process["terminal"] = true;
            process["consoleSize"] = size;
            process["user"] = JsonNode.Parse("""{"uid": 0, "gid": 6}""");
            process["args"] = new JsonArray("sh", "-c", (size is null ? "" : "stty size; ") + "tty; ls /dev/console 2>&1 | wc -l");
            File.WriteAllText(_bundle.Folder["process.json"], process.ToJsonString());
            // /dev/console is the first process's, which has none.
            Assert.Equal($"{shown}/dev/pts/0\n1\n", Serve($"exec -d --console-socket s -p process.json {_id}"));
        }
    }

    [ChainFact]
    public void A_terminal_that_nobody_serves_or_that_cannot_be_is_refused()
    {
        foreach (var (words, change, message) in new (string[], Action<JsonNode>, string)[]
        {
            (["create"], process => process["terminal"] = true, "cannot allocate tty if runc will detach without setting console socket"),
            (["run", "-d"], process => process["terminal"] = true, "cannot allocate tty if runc will detach without setting console socket"),
            (["create", "--console-socket", "s"], process => process["terminal"] = false, "cannot use console socket if runc will not detach or allocate tty"),
            (["run", "--console-socket", "s"], process => process["terminal"] = true, "cannot use console socket if runc will not detach or allocate tty"),
            (["run", "-d", "--console-socket", "s"], process => process["terminal"] = true, "dial unix s: connect: no such file or directory"),
            (["run"], process => (process["terminal"], process["consoleSize"]) = (true, new JsonObject { ["width"] = 65536, ["height"] = 1 }), "invalid consoleSize: 65536 columns and 1 rows"),
            (["run"], process => (process["terminal"], process["consoleSize"]) = (true, new JsonObject { ["width"] = -1, ["height"] = 1 }), "config.json: \\\"width\\\" must be a number"),
        })
        {
            _bundle.Change(spec => change(spec["process"]!));
            var result = _bundle.Runtime(Programs.NaruRunc, [.. words, _id]);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
        }
    }

    [ChainTheory("python3")]
    [InlineData("a link")]
    [InlineData("a folder")]
    public void A_console_of_the_images_that_leads_elsewhere_is_refused(string what)
    {
        // CVE-2025-52565: the terminal would be mounted where the link leads, and what the runtime masks or writes there would be another file
        using var host = new TempFolder();
        File.WriteAllText(host["canary"], "host\n");
        Directory.CreateDirectory(_bundle.Folder["rootfs/dev/pts"]);
        if (what == "a link")
            File.CreateSymbolicLink(_bundle.Folder["rootfs/dev/console"], host["canary"]);
        else
            Directory.CreateDirectory(_bundle.Folder["rootfs/dev/console"]);
        Terminal(spec =>
        {
            foreach (var mount in spec["mounts"]!.AsArray().Where(mount => mount!["destination"]!.GetValue<string>() is "/dev" or "/dev/shm" or "/dev/mqueue").ToList())
                spec["mounts"]!.AsArray().Remove(mount);
        });
        Assert.Equal("", Serve($"run -d --console-socket s {_id}", fails: "/dev/console in the image is no plain file"));
        Assert.Equal("host\n", File.ReadAllText(host["canary"]));
        Assert.Empty(host.Mounts());
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact("python3")]
    public void A_mount_of_the_configurations_on_the_console_is_covered_by_the_terminal()
    {
        using var host = new TempFolder();
        File.WriteAllText(host["canary"], "host\n");
        var before = Status(host);
        Terminal(spec =>
        {
            spec.Script("echo x >/dev/console; tty </dev/console; grep -c ' /dev/console ' /proc/self/mountinfo");
            spec.Bind("/dev/console", host["canary"]);
        });
        Assert.Equal("x\n/dev/console\n2\n", Serve($"run -d --console-socket s {_id}"));
        Assert.Equal(before, Status(host));
        Assert.Equal("host\n", File.ReadAllText(host["canary"]));
    }

    [ChainFact("python3")]
    public void A_terminal_is_of_a_devpts_and_of_nothing_that_looks_like_one()
    {
        // what lies at /dev/pts is a folder of the volume's, with a ptmx that anyone could have made
        using var host = new TempFolder();
        File.WriteAllText(host["ptmx"], "host\n");
        Terminal(spec => spec.Bind("/dev/pts", host.Path));
        Assert.Equal("", Serve($"run -d --console-socket s {_id}", fails: "open /dev/pts/ptmx: no such device"));
        Assert.Equal("host\n", File.ReadAllText(host["ptmx"]));
        Assert.Empty(host.Mounts());
    }

    private static string Status(TempFolder host) => Command.Must("stat", "-c", "%a %u:%g %s %Y %Z", host["canary"]);

    private void Terminal(Action<JsonNode> change) => _bundle.Change(spec =>
    {
        spec["process"]!["terminal"] = true;
        change(spec);
    });

    private void Hold()
    {
        _bundle.Change(spec => spec.Script("sleep 60"));
        Assert.Equal(0, Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {_bundle.State} run -d {_id} </dev/null >out 2>&1"], folder: _bundle.At).Code);
    }

    /// <summary>What is said on the terminal that a command of the runtime's hands over to s.</summary>
    /// <param name="fails">The command must fail with this; else it must succeed.</param>
    private string Serve(string command, string? fails = null)
    {
        File.Delete(_bundle.Folder["s"]);
        File.Delete(_bundle.Folder["said"]);
        var start = command.StartsWith("create", StringComparison.Ordinal) ? $"&& {Programs.NaruRunc} --root {_bundle.State} start {_id}" : "";
        var result = Command.Run("bash", ["-c", $"""
            python3 -c '{Server}' s >said & until grep -q ready said; do sleep 0.02; done
            {Programs.NaruRunc} --root {_bundle.State} {command} </dev/null >out 2>&1 {start}; code=$?
            [ $code = 0 ] || kill $!; wait; exit $code
            """], folder: _bundle.At);
        var said = File.ReadAllText(_bundle.Folder["out"]);
        Assert.True(fails is null == (result.Code == 0) && said.Contains(fails ?? "", StringComparison.Ordinal), $"{result}\n{said}");
        return File.ReadAllText(_bundle.Folder["said"])["ready\n".Length..];
    }
}
