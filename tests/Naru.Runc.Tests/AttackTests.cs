using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>Attacks that need time or a race. Short by default; NARU_ROUNDS says how many rounds a race has (1000 shows what it can).</summary>
public sealed class AttackTests : IDisposable
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("NARU_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 40;

    private readonly string _id = $"nca-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainFact("python3")]
    public void A_mount_stays_inside_while_its_place_is_swapped_for_a_link()
    {
        // CVE-2021-30465, CVE-2024-45310: a volume's folder becomes a link to the host between the look and the mount
        using var host = new TempFolder();
        Directory.CreateDirectory(host["victim"]);
        File.WriteAllText(host["victim/canary"], "host\n");
        var volume = Directory.CreateDirectory(_bundle.Folder["volume"]).FullName;
        Directory.CreateDirectory(Path.Combine(volume, "place/below"));
        File.CreateSymbolicLink(Path.Combine(volume, "link"), host["victim"]);
        _bundle.Change(spec =>
        {
            spec.Bind("/volume", volume);
            spec.Mount("/volume/place/below", "tmpfs", "tmpfs");
            spec.Bind("/volume/place/file", _bundle.Folder["config.json"]);
            spec["linux"]!["maskedPaths"]!.AsArray().Add("/volume/place/canary");
            spec["linux"]!["devices"] = JsonNode.Parse("""[{"path": "/volume/place/node", "type": "c", "major": 1, "minor": 3}]""");
            spec["process"]!["cwd"] = "/volume/place/cwd";
        });
        var before = Status(host);
        const string swap = "import ctypes, os, sys; os.chdir(sys.argv[1]); libc = ctypes.CDLL(None)\nwhile libc.renameat2(-100, b'place', -100, b'link', 2) == 0: pass";
        using var swapper = Command.Start("python3", ["-c", swap, volume]);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                _bundle.Runtime(Programs.NaruRunc, "run", _id);
                Assert.Empty(host.Mounts());
                Assert.Equal(before, Status(host));
            }
            Assert.False(swapper.HasExited, "nothing was swapped");
        }
        finally
        {
            swapper.Kill();
            swapper.WaitForExit();
        }
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact("python3", "script")]
    public void A_terminal_stays_inside_while_the_console_is_swapped_for_a_link()
    {
        // CVE-2025-52565: between the look and the mount of the terminal on /dev/console
        using var host = new TempFolder();
        Directory.CreateDirectory(host["victim"]);
        File.WriteAllText(host["victim/canary"], "host\n");
        var volume = Directory.CreateDirectory(_bundle.Folder["volume"]).FullName;
        Directory.CreateDirectory(Path.Combine(volume, "pts"));
        File.WriteAllText(Path.Combine(volume, "console"), "");
        File.CreateSymbolicLink(Path.Combine(volume, "link"), host["victim/canary"]);
        _bundle.Change(spec =>
        {
            foreach (var mount in spec["mounts"]!.AsArray().Where(mount => mount!["destination"]!.GetValue<string>() is "/dev" or "/dev/shm" or "/dev/mqueue").ToList())
                spec["mounts"]!.AsArray().Remove(mount);
            var dev = spec.Bind("/dev", volume);
            spec["mounts"]!.AsArray().Remove(dev);
            spec["mounts"]!.AsArray().Insert(0, dev);
            spec["process"]!["terminal"] = true;
            spec.Script("echo written >/dev/console");
        });
        var before = Status(host);
        const string swap = "import ctypes, os, sys; os.chdir(sys.argv[1]); libc = ctypes.CDLL(None)\nwhile libc.renameat2(-100, b'console', -100, b'link', 2) == 0: pass";
        using var swapper = Command.Start("python3", ["-c", swap, volume]);
        var (ran, refused) = (0, 0);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var said = Command.Run("script", ["-qefc", $"{Programs.NaruRunc} --root {_bundle.State} run {_id}", "/dev/null"], folder: _bundle.At);
                (ran, refused) = said.Out.Contains("/dev/console in the image is no plain file", StringComparison.Ordinal) ? (ran, refused + 1) : (ran + 1, refused);
                Assert.Empty(host.Mounts());
                Assert.Equal(before, Status(host));
            }

            Assert.False(swapper.HasExited, "nothing was swapped");
        }
        finally
        {
            swapper.Kill();
            swapper.WaitForExit();
        }

        Assert.True(ran > 0 && refused > 0, $"ran {ran} times, refused {refused} times");
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
    }

    [ChainFact]
    public void The_first_process_cannot_look_into_one_that_is_being_added()
    {
        // CVE-2016-9962: before its execve an added process holds what is the runtime's
        using var held = new HeldContainer(_id, spec =>
        {
            spec["process"]!["args"] = new JsonArray("sh", "-c",
                "while :; do for p in /proc/[0-9]*; do case $p in /proc/1) ;; *) for f in $p/fd/*; do l=$(readlink $f) && case $l in /dev/null|pipe:*|/proc/*|socket:*) ;; ?*) echo \"$f $l\" >>/seen;; esac; done; e=$(readlink $p/exe) && case $e in /bin/busybox) ;; ?*) echo \"$p $e\" >>/seen;; esac; esac; done; : >>/tried; done 2>/dev/null");
        });
        Command.Until(() => File.Exists(held.Bundle.Folder["rootfs/tried"]), "the attack to begin");
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal(0, held.Run("exec", _id, "true").Code);
        }
        Assert.Equal("", File.Exists(held.Bundle.Folder["rootfs/seen"]) ? File.ReadAllText(held.Bundle.Folder["rootfs/seen"]) : "");
    }

    [ChainFact]
    public void A_link_of_the_images_is_no_way_round_the_kernels_files()
    {
        foreach (var (link, place) in new[] { ("/proc", "not of type proc"), ("/proc/sys", "inside /proc"), ("proc/self/../sys/net", "inside /proc") })
        {
            using var bundle = new Bundle("true");
            File.CreateSymbolicLink(bundle.Folder["rootfs/link"], link);
            bundle.Change(spec => spec.Mount("/link", "tmpfs", "tmpfs"));
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains($"cannot be mounted because it is {place}", result.Error);
        }
    }

    [ChainFact]
    public void Each_process_is_in_the_containers_cgroup()
    {
        // CVE-2025-47291: one that is outside has no limits
        using var held = new HeldContainer(_id, spec =>
        {
            spec.NoNamespace("cgroup");
            spec["linux"]!["cgroupsPath"] = $"/{_id}";
        });
        var first = held.Must("exec", _id, "cat", "/proc/1/cgroup");
        Assert.Equal(first, held.Must("exec", _id, "cat", "/proc/self/cgroup"));
        // where v1 has the controllers, v2 is no part of it
        var lines = first.TrimEnd().Split('\n');
        Assert.All(lines.Length == 1 ? lines : lines.Where(line => !line.StartsWith("0::", StringComparison.Ordinal)), line => Assert.EndsWith($"/{_id}", line));
    }

    [ChainFact]
    public void A_password_file_of_any_size_or_place_costs_no_time_and_no_secret()
    {
        var passwd = _bundle.Folder["rootfs/etc/passwd"];
        _bundle.Change(spec => spec.Script("echo $HOME"));
        using (var file = File.Create(passwd))
        {
            file.SetLength(94 << 20);
        }
        var clock = Stopwatch.StartNew();
        Assert.Equal(new(0, "/\n", ""), _bundle.Runtime(Programs.NaruRunc, "run", _id));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
        File.Delete(passwd);
        using var host = new TempFolder();
        File.WriteAllText(host["passwd"], "root:x:0:0::/of/the/host:/bin/sh\n");
        File.CreateSymbolicLink(passwd, host["passwd"]);
        Assert.Equal(new(0, "/\n", ""), _bundle.Runtime(Programs.NaruRunc, "run", _id));
    }

    private static string Status(TempFolder host) => Command.Must("sh", "-c", $"cd {host["victim"]} && stat -c '%n %a %u:%g %Y %Z' . * && cat canary");
}
