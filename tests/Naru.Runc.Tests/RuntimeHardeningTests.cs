using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>Known attacks on runtimes: each is tried, and the host must be as it was.</summary>
public sealed class RuntimeHardeningTests
{
    private readonly string _id = $"nch-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void The_runtime_cannot_be_overwritten_from_inside()
    {
        // CVE-2019-5736: whoever gets hold of the runtime's /proc/PID/exe writes to the host's program
        var before = SHA256.HashData(File.ReadAllBytes(Programs.NaruRunc));
        using var held = new HeldContainer(_id);
        // (command: a redirection that fails, since the process is gone, must not end the shell)
        var attack = Task.Run(() => held.Run("exec", _id, "sh", "-c",
            "i=0; while [ $i -lt 400 ]; do i=$((i+1)); for p in /proc/[0-9]*; do case $(readlink $p/exe) in *busybox) ;; ?*) echo evil >>$p/exe; command exec 3<$p/exe && echo evil >/proc/self/fd/3;; esac; done 2>/dev/null; done; echo tried"));
        for (var round = 0; round < 15; round++)
        {
            Assert.Equal(0, held.Run("exec", _id, "true").Code);
        }
        // the container's own program may be the link itself, or a script that names it
        File.WriteAllText(held.Bundle.Folder["rootfs/script"], "#!/proc/self/exe\n");
        Command.Must("chmod", "755", held.Bundle.Folder["rootfs/script"]);
        foreach (var program in new[] { "/proc/self/exe", "/script" })
        {
            held.Run("exec", _id, program, "spec");
            // (the runtime, in the container: it lives long enough for another process to open its program)
            using var bundle = new Bundle(program, "events", "nothing");
            File.Copy(held.Bundle.Folder["rootfs/script"], bundle.Folder["rootfs/script"]);
            Assert.NotEqual(0, bundle.Runtime(Programs.NaruRunc, "run", _id + "x").Code);
        }
        Assert.Equal("tried\n", attack.Result.Out);
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(Programs.NaruRunc)));
    }

    [ChainFact]
    public void No_descriptor_of_the_runtime_is_a_way_out()
    {
        // CVE-2024-21626: a working folder below a descriptor that the runtime has open on the host
        using var held = new HeldContainer(_id);
        for (var number = 3; number <= 20; number++)
        {
            var result = held.Run("exec", "--cwd", $"/proc/self/fd/{number}", _id, "pwd");
            Assert.True(result.Code == 255, $"{number}: {result}");
        }
        for (var number = 3; number <= 20; number++)
        {
            using var bundle = new Bundle("pwd");
            bundle.Change(spec => spec["process"]!["cwd"] = $"/proc/self/fd/{number}");
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id + "b");
            Assert.True(result.Code != 0, $"{number}: {result}");
        }
        Assert.Equal("0 1 2 3 ", held.Must("exec", _id, "sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"));
    }

    [ChainFact]
    public void Proc_and_sys_must_be_ordinary_folders()
    {
        // CVE-2019-19921, CVE-2023-27561: /proc of the image is a link to another place
        foreach (var name in new[] { "proc", "sys" })
        {
            using var bundle = new Bundle("true");
            Directory.Delete(bundle.Folder[$"rootfs/{name}"]);
            Directory.CreateDirectory(bundle.Folder["rootfs/other"]);
            File.CreateSymbolicLink(bundle.Folder[$"rootfs/{name}"], "/other");
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains("must be mounted on ordinary directory", result.Error);
        }
    }

    [ChainFact]
    public void A_mount_through_a_link_stays_inside()
    {
        // CVE-2021-30465: the destination is a link that leads out, seen from the host
        using var host = new TempFolder();
        using var bundle = new Bundle("sh", "-c", $"cat {host.Path}/canary /mnt/canary; grep -c {host.Path} /proc/self/mounts");
        Directory.CreateDirectory(bundle.Folder["from"]);
        File.WriteAllText(bundle.Folder["from/canary"], "inside\n");
        File.WriteAllText(host["canary"], "host\n");
        File.CreateSymbolicLink(bundle.Folder["rootfs/mnt"], host.Path);
        bundle.Change(spec => spec["mounts"]!.AsArray().Add(new JsonObject
        {
            ["destination"] = "/mnt",
            ["source"] = bundle.Folder["from"],
            ["type"] = "bind",
            ["options"] = new JsonArray("bind"),
        }));
        Assert.Equal(new(0, "inside\ninside\n1\n", ""), bundle.Runtime(Programs.NaruRunc, "run", _id));
        Assert.Equal("host\n", File.ReadAllText(host["canary"]));
        Assert.Empty(host.Mounts());
    }

    [ChainFact]
    public void Masks_hold_whatever_the_image_brings()
    {
        // CVE-2025-31133: the image's /dev/null is a link to what shall be masked or bound
        using var bundle = new Bundle("sh", "-c", "cat /secret | wc -c; ls /hidden | wc -l; cat /dev/null | wc -c; stat -c '%F %t:%T' /secret");
        File.WriteAllText(bundle.Folder["rootfs/secret"], "secret");
        Directory.CreateDirectory(bundle.Folder["rootfs/hidden/x"]);
        File.CreateSymbolicLink(bundle.Folder["rootfs/dev/null"], "/secret");
        bundle.Change(spec => spec["linux"]!["maskedPaths"] = new JsonArray("/secret", "/hidden", "/not/there"));
        Assert.Equal("0\n0\n0\ncharacter special file 1:3\n", bundle.Runtime(Programs.NaruRunc, "run", _id).Out);

        // without a /dev of its own the runtime would have to make its nodes through that link
        bundle.Change(spec =>
        {
            foreach (var mount in spec["mounts"]!.AsArray().Where(mount => mount!["destination"]!.GetValue<string>().StartsWith("/dev", StringComparison.Ordinal)).ToList())
            {
                spec["mounts"]!.AsArray().Remove(mount);
            }
        });
        Assert.NotEqual(0, bundle.Runtime(Programs.NaruRunc, "run", _id).Code);
        Assert.Equal("secret", File.ReadAllText(bundle.Folder["rootfs/secret"]));
    }

    [ChainFact]
    public void Nothing_may_lie_over_the_kernels_files()
    {
        // CVE-2025-52881, CVE-2019-16884: with /proc covered, what the runtime writes there goes elsewhere
        foreach (var (destination, type) in new[]
        {
            ("/proc", "tmpfs"), ("/proc/self", "tmpfs"), ("/proc/sys/kernel", "tmpfs"), ("/proc/../proc/sys", "tmpfs"), ("/proc", "bind"), ("/proc/self/attr", "bind"),
        })
        {
            using var bundle = new Bundle("true");
            bundle.Change(spec => spec["mounts"]!.AsArray().Add(new JsonObject
            {
                ["destination"] = destination,
                ["source"] = bundle.At,
                ["type"] = type,
                ["options"] = type == "bind" ? new JsonArray("rbind") : new JsonArray(),
            }));
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains("cannot be mounted because it is", result.Error);
        }
    }

    [ChainFact]
    public void A_password_file_that_never_ends_holds_nobody_up()
    {
        using var bundle = new Bundle("sh", "-c", "echo $HOME");
        Command.Must("mkfifo", bundle.Folder["rootfs/etc/passwd"]);
        Assert.Equal(new(0, "/\n", ""), bundle.Runtime(Programs.NaruRunc, "run", _id));
    }

    [ChainFact]
    public void Another_containers_cgroup_is_not_taken_over()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["cgroupsPath"] = $"/{_id}-shared");
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["linux"]!["cgroupsPath"] = $"/{_id}-shared");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id + "b");
        Assert.Equal(1, result.Code);
        Assert.Contains("container's cgroup is not empty: 1 process(es) found", result.Error);
        Assert.Equal("running", held.Status());
    }

    [ChainFact]
    public void What_is_kept_of_containers_is_closed_to_others()
    {
        // CVE-2021-41103: whoever reads a container's folder finds what is in its configuration; who enters it finds its files
        using var bundle = new Bundle("sleep", "60");
        Command.Must("rmdir", bundle.State);
        Assert.Equal(0, Command.Run("sh", ["-c", $"umask 0; exec {Programs.NaruRunc} --root {bundle.State} create {_id} </dev/null >out 2>&1"], folder: bundle.At).Code);
        try
        {
            Assert.Equal("700\n700", Command.Must("stat", "-c", "%a", bundle.State, Path.Combine(bundle.State, _id)));
        }
        finally
        {
            bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        }
    }
}
