"""Rows of bench/run on runtimes: naru-runc, runc and crun on one bundle with Docker's default configuration, in turn."""
import json, os, random, shutil, statistics, sys, tempfile, time
from pathlib import Path

STEPS = "create start exec kill delete".split()
IN_A_ROW = 100
# Where a runtime keeps its containers is in memory on every system that starts one: /run. The bundle is on the disk.
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
BUSYBOX = os.environ.get("BUSYBOX") or shutil.which("busybox")
SPEC = Path(__file__).resolve().parent / "default-spec.json"


def spawn(words):
    """Milliseconds that the program took. Nothing of this program's is inherited, and it is not copied to be forked."""
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    start = time.perf_counter()
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)])
    _, status = os.waitpid(pid, 0)
    took = (time.perf_counter() - start) * 1000
    os.close(null)
    if status:
        sys.exit(f"bench: {' '.join(words)}: {os.waitstatus_to_exitcode(status)}")
    return took


class Bundle:
    """One root file system, and a configuration written anew for each container."""

    def __init__(self, folder, rootfs):
        self.folder, self.count = Path(folder) / "bundle", 0
        rootfs(self.folder / "rootfs")
        self.spec = json.loads(SPEC.read_text())
        self.spec["root"] = {"path": "rootfs"}

    def next(self, *args):
        self.count += 1
        name = f"bench{os.getpid()}-{self.count}"
        self.spec["linux"]["cgroupsPath"] = f"/naru-bench/{name}"
        self.spec["process"]["args"] = list(args)
        (self.folder / "config.json").write_text(json.dumps(self.spec))
        return name


class Runtime:
    def __init__(self, name, program, folder):
        self.name, self.program, self.folder, self.roots = name, str(program), Path(folder) / name, 0

    def call(self, *words, root=None):
        return spawn([self.program, "--root", str(root or self.folder / "root"), *words])

    def run(self, bundle):
        return self.call("run", "--bundle", str(bundle.folder), bundle.next("true"))

    def first(self, bundle):
        """A state folder that has no filter yet."""
        self.roots += 1
        return self.call("run", "--bundle", str(bundle.folder), bundle.next("true"), root=self.folder / f"first{self.roots}")

    def life(self, bundle):
        """Milliseconds of each of STEPS."""
        name, pid = bundle.next("sleep", "3600"), self.folder / "pid"
        measured = [self.call("create", "--bundle", str(bundle.folder), "--pid-file", str(pid), name), self.call("start", name), self.call("exec", name, "true"), self.call("kill", name, "KILL")]
        while _alive(pid.read_text().strip()):
            time.sleep(0.001)
        measured.append(self.call("delete", name))
        return measured

    def held(self, bundle):
        """The most memory (MB) that `run` held, which time(1) says: what a program starts out with counts as its own, and this one is large. (busybox's time counts four times over.)"""
        said = self.folder / "held"
        spawn(["/usr/bin/time", "-f", "%M", "-o", str(said), self.program, "--root", str(self.folder / "root"), "run", "--bundle", str(bundle.folder), bundle.next("true")])
        return int(said.read_text()) / 1024

    def row_of_creates(self, bundle):
        """Median of the first ten creates, and of the last ten, of IN_A_ROW containers that all stay."""
        names, took = [], []
        for _ in range(IN_A_ROW):
            names.append(bundle.next("sleep", "3600"))
            took.append(self.call("create", "--bundle", str(bundle.folder), names[-1]))
        for name in names:
            self.call("delete", "--force", name)
        return statistics.median(took[:10]), statistics.median(took[-10:])


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def compare_runtime(ours, rootfs, rounds, rows):
    """Adds the rows; one round more is not measured."""
    with tempfile.TemporaryDirectory(prefix="bench-runtime-") as folder, tempfile.TemporaryDirectory(prefix="bench-runtime-", dir=MEMORY) as memory:
        runtimes = [Runtime("naru-runc", ours, memory)] + [Runtime(name, name, memory) for name in ("crun", "runc") if shutil.which(name)]
        for runtime in runtimes:
            runtime.folder.mkdir()
        bundle = Bundle(folder, rootfs)
        samples = {}

        def note(what, runtime, value):
            samples.setdefault(what, {}).setdefault(runtime.name, []).append(value)

        for at in range(rounds + 1):
            # In an order drawn anew: the kernel still clears away what the one before left, and none is to have that always at its start.
            for runtime in random.sample(runtimes, len(runtimes)):
                measured = [("`run` of true", runtime.run(bundle))]
                measured += [(f"`{step}`", took) for step, took in zip(STEPS, runtime.life(bundle))]
                measured.append(("most memory", runtime.held(bundle)))
                if at % 5 == 0:
                    measured.append(("first `run` of a seccomp profile", runtime.first(bundle)))
                if at:
                    for what, value in measured:
                        note(what, runtime, value)
        in_a_row = {runtime.name: runtime.row_of_creates(bundle) for runtime in runtimes}
        for other in runtimes[1:] or [None]:
            for what, each in samples.items():
                unit = "MB" if "memory" in what else "ms"
                rows.append((f"runtime: {what}" + (f", {other.name}" if other else ""), statistics.median(each["naru-runc"]), statistics.median(each[other.name]) if other else None, unit))
            for at, which in enumerate(("first", "last")):
                rows.append((f"runtime: `create`, {which} ten of {IN_A_ROW}" + (f", {other.name}" if other else ""), in_a_row["naru-runc"][at], in_a_row[other.name][at] if other else None, "ms"))
        rows.append(("runtime: the program on disk", Path(ours).stat().st_size / 1e6, None, "MB"))
