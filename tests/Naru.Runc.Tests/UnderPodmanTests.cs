namespace Naru.Runc.Tests;

/// <summary>podman with --runtime: what it asks of crun or runc, naru-runc does.</summary>
public sealed class UnderPodmanTests
{
    [ChainFact("podman", "unshare", "script")]
    public void Podman_runs_its_containers_by_naru_runc()
    {
        using var folder = new TempFolder();
        Command.Must(Path.Combine(Programs.Root, "eng/image"), "busybox:naru", folder["image.tar"]);
        // Limits as they are: what podman asks for otherwise needs CAP_SYS_RESOURCE where the machine's are lower.
        // podman has nothing to do with a machine that has both kinds of cgroups: the second is hidden from it.
        var script = $$"""
            exec 2>&1; [ -d /sys/fs/cgroup/unified ] && mount -t tmpfs none /sys/fs/cgroup/unified
            podman() { {{Programs.Original("podman")}} --root {{folder["root"]}} --runroot {{folder["run"]}} --runtime {{Programs.NaruRunc}} --cgroup-manager cgroupfs --events-backend file --storage-driver vfs "$@" 2>&1 | grep -v 'level=warning'; return ${PIPESTATUS[0]}; }
            podman load -q -i {{folder["image.tar"]}} >/dev/null
            podman run --rm --network none --ulimit nofile=1000:1000 --ulimit nproc=1000:1000 busybox:naru sh -c 'echo out; exit 7'; echo code $?
            podman run -d --name up --network none --ulimit nofile=1000:1000 --ulimit nproc=1000:1000 --memory 64m --pids-limit 20 --read-only --cap-drop ALL busybox:naru sleep 600 >/dev/null
            podman exec up sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; grep CapEff /proc/self/status; touch /x; exit 3'; echo code $?
            podman exec -w /tmp --user 1000 up id -u
            podman pause up; podman inspect -f '{{"{{.State.Status}}"}}' up; podman unpause up; podman inspect -f '{{"{{.State.Status}}"}}' up
            podman update --memory 32m up >/dev/null && podman exec up sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null'
            podman top up args; podman kill -s KILL up; podman wait up; podman rm up
            podman run --rm --network none --ulimit nofile=1000:1000 --ulimit nproc=1000:1000 busybox:naru nothere >$PWD/said; echo code $?; grep -o 'executable file not found' said; podman ps -aq
            umount -l {{folder["root"]}}/vfs 2>/dev/null
            """;
        var result = Command.Run("unshare", ["-m", "--propagation", "private", "bash", "-c", script], folder: folder.Path);
        Assert.Equal(
            """
            out
            code 7
            67108864
            CapEff:	0000000000000000
            touch: /x: Read-only file system
            code 3
            1000
            up
            paused
            up
            running
            33554432
            COMMAND
            sleep 600 
            up
            137
            up
            code 127
            executable file not found

            """.ReplaceLineEndings("\n").Split((char)10), result.Out.Split((char)10));
    }
}
