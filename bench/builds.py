"""Rows of bench/run on builds: `naru build` against `docker buildx build`, Docker's classic builder and `podman build`."""
import itertools, os, shutil, statistics, subprocess, time
from pathlib import Path

TEN = """FROM bench-busybox
ENV A=1
LABEL b=2
WORKDIR /app
COPY first /app/
RUN true
RUN true
RUN true
COPY last /app/
CMD ["true"]
"""
STAGES = "".join(f"FROM bench-busybox AS s{i}\nRUN sleep {1 + i % 2}; echo {{0}} > /{i}\n" for i in range(4)) + "FROM bench-busybox\n" + "".join(f"COPY --from=s{i} /{i} /\n" for i in range(4))
LAYER = "FROM bench-busybox AS big\nRUN head -c {size} /dev/urandom > /big; echo {number}\nFROM bench-busybox\nRUN --mount=from=big,target=/m true {number}\n"


class Builders:
    """Ours, and what of the original there is: each a name, words before the flags, an environment."""

    def __init__(self, sides, folder):
        self.all = {"naru": ([sides[0].cli, "build"], dict(os.environ, DOCKER_HOST=sides[0].host))}
        if len(sides) > 1:
            env = dict(os.environ, DOCKER_HOST=sides[1].host)
            if subprocess.run(["docker", "buildx", "version"], env=env, capture_output=True).returncode == 0:
                self.all["buildx"] = (["docker", "buildx", "build"], env)
            self.all["classic"] = (["docker", "build"], dict(env, DOCKER_BUILDKIT="0"))
        self.podman = Path(folder) / "podman"
        if shutil.which("podman"):
            podman = ["podman", "--root", self.podman / "root", "--runroot", self.podman / "run", "--cgroup-manager", "cgroupfs"]
            subprocess.run([*podman, "import", Path(folder) / "busybox.tar", "localhost/bench-busybox"], capture_output=True, check=True)
            # without these limits it asks for more than root may have in some places
            self.all["podman"] = ([*podman, "build", "--layers", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"], dict(os.environ))

    def end(self):
        for mount in [line.split()[1] for line in open("/proc/mounts") if str(self.podman) in line][::-1]:
            subprocess.run(["umount", "-l", mount])

    def time(self, name, *words):
        program, env = self.all[name]
        start = time.perf_counter()
        done = subprocess.run([*program, "-q", *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: {name}: {done.stderr[-500:]}")
        return (time.perf_counter() - start) * 1000

    def compare(self, rows, title, rounds, work, names=("naru", "buildx", "classic", "podman")):
        """One unmeasured round first; a row against each original."""
        samples = {name: [] for name in names if name in self.all}
        for number in range(rounds + 1):
            for name in samples:
                took = work(name, number)
                if number:
                    samples[name].append(took)
        ours = statistics.median(samples["naru"])
        for name in samples:
            if name != "naru":
                rows.append((f"{title}, against {name}", ours, statistics.median(samples[name]), "ms"))
        if len(samples) == 1:
            rows.append((title, ours, None, "ms"))


def context(folder, dockerfile, **files):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Dockerfile").write_text(dockerfile)
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


def many_files(folder, files=50_000, megabytes=500):
    """Files of about the same size in folders of 500."""
    content = os.urandom(megabytes * 1_000_000 // files)
    for number in range(files):
        if number % 500 == 0:
            (folder / f"d{number // 500}").mkdir(parents=True, exist_ok=True)
        (folder / f"d{number // 500}" / f"f{number}").write_bytes(number.to_bytes(8, "big") + content[8:])
    return folder


def compare_builds(sides, folder, rounds, rows):
    builders, counter = Builders(sides, folder), itertools.count()
    ten = context(Path(folder) / "ten", TEN, first="1", last="1")

    def change(name):
        (ten / "last").write_text(str(next(counter)))
        return builders.time(name, "-t", "bench-ten", str(ten))

    builders.compare(rows, "build, ten instructions, all known", rounds, lambda name, _: builders.time(name, "-t", "bench-ten", str(ten)))
    builders.compare(rows, "the same, `--no-cache`", rounds, lambda name, _: builders.time(name, "--no-cache", "-t", "bench-ten", str(ten)))
    builders.compare(rows, "the same, the last COPY changed", rounds, lambda name, _: change(name))

    def stages(name, number):
        jobs = ["--jobs", "4"] if name == "podman" else []
        return builders.time(name, *jobs, str(context(Path(folder) / f"stages-{name}", STAGES.replace("{0}", f"{name}{number}"))))

    builders.compare(rows, "four stages of 1, 2, 1 and 2 s", 2, stages, ("naru", "buildx", "podman"))

    def export(name, number):
        big = context(Path(folder) / f"layer-{name}-{number}", LAYER.format(size=600_000_000, number=f"{name}{number}"))
        builders.time(name, str(big))
        return builders.time(name, "--target", "big", "-t", f"bench-layer:{number}", str(big))

    builders.compare(rows, "export of a layer of 600 MB", 2, export, ("naru", "buildx"))
    send(folder, builders, rows)
    builders.end()


def send(folder, builders, rows):
    """A context of 50,000 files and 500 MB: sent alone (a RUN that mounts it), and copied; three of each, and the last again after one file changed."""
    uses = {"sent": "FROM bench-busybox\nRUN --mount=target=/context true\n", "copied": "FROM scratch\nCOPY . /\n"}
    took = {}
    names = [name for name in builders.all if name in ("naru", "buildx")]
    for use, dockerfile in uses.items():
        first, again = {name: [] for name in names}, {name: [] for name in names}
        for number in range(3):
            for name in names:
                files = context(many_files(Path(folder) / f"{use}-{name}-{number}"), dockerfile)
                os.sync()
                first[name].append(builders.time(name, str(files)))
        for number in range(3):
            for name in names:
                files = Path(folder) / f"{use}-{name}-2"
                (files / "d7" / "f3500").write_text(f"changed {number}")
                again[name].append(builders.time(name, str(files)))
        for when, times in {"first time": first, "one file changed": again}.items():
            took[use, when] = {name: statistics.median(times[name]) for name in names}
    for (use, when), times in took.items():
        title = f"a context of 50,000 files and 500 MB {use}, {when}"
        rows.append((title + (", against buildx" if "buildx" in times else ""), times["naru"], times.get("buildx"), "ms"))
