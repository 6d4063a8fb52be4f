"""Rows of bench/run on registries: naru-hub against Debian's docker-registry, both on a folder, over loopback.

The raw rows send and fetch blobs as they are (curl), beside a program that copies the same file through a socket and does
nothing else; `skopeo` and `docker` are the clients that people use. Latencies are those of sixteen connections at once."""
import hashlib, json, multiprocessing, os, shutil, socket, sqlite3, statistics, subprocess, sys, tarfile, tempfile, time, urllib.request
from pathlib import Path

LAYERS = 8
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CLIENTS = 64
CONNECTIONS = 16
SECONDS = 5


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A registry in a folder of its own."""

    def __init__(self, name, folder, program):
        self.name, self.folder, self.port = name, Path(folder) / name, free_port()
        self.folder.mkdir()
        if name == "naru":
            self.words = [program, "serve", "--open", "--data", self.folder / "data", "--listen", f"127.0.0.1:{self.port}", "--log-level", "error"]
        else:
            config = self.folder / "registry.yml"
            config.write_text(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {self.folder}/data}}, delete: {{enabled: true}}}}\nhttp: {{addr: 127.0.0.1:{self.port}}}\n")
            self.words = [program, "serve", config]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=dict(os.environ, OTEL_TRACES_EXPORTER="none"))
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/v2/").read()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit(f"bench: {self.name}'s registry did not answer; see {self.log.name}")

    def memory(self, field):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


class Layers:
    """Eight archives of a file that does not compress, and the manifest that names them."""

    def __init__(self, folder, megabytes, seed):
        self.files, layers = [], []
        for number in range(LAYERS):
            path = Path(folder) / f"layer{seed}-{number}"
            digest = hashlib.sha256()
            entry = tarfile.TarInfo(f"file{number}")
            entry.size = megabytes // LAYERS * 1_000_000
            with open(path, "wb") as out:
                for piece in (entry.tobuf(), *(os.urandom(1_000_000) for _ in range(megabytes // LAYERS)), bytes(-entry.size % 512 + 1024)):
                    digest.update(piece)
                    out.write(piece)
            self.files.append((path, f"sha256:{digest.hexdigest()}"))
            layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": self.files[-1][1], "size": path.stat().st_size})
        config = Path(folder) / f"config{seed}"
        config.write_text(json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]}}))
        self.files.append((config, "sha256:" + hashlib.sha256(config.read_bytes()).hexdigest()))
        self.manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": layers,
                                    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": self.files[-1][1], "size": config.stat().st_size}}).encode()

    def layout(self, folder):
        """The same as an OCI layout, for skopeo."""
        blobs = Path(folder) / "blobs" / "sha256"
        blobs.mkdir(parents=True)
        for path, digest in self.files:
            os.link(path, blobs / digest[7:])
        name = hashlib.sha256(self.manifest).hexdigest()
        (blobs / name).write_bytes(self.manifest)
        (Path(folder) / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        (Path(folder) / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [
            {"mediaType": MANIFEST, "digest": f"sha256:{name}", "size": len(self.manifest), "annotations": {"org.opencontainers.image.ref.name": "1"}}]}))
        return f"oci:{folder}:1"


def timed(work, *words):
    start = time.perf_counter()
    work(*words)
    return (time.perf_counter() - start) * 1000


def curl(*words):
    subprocess.run(["curl", "-sf", "-o", "/dev/null", "-H", "Expect:", *map(str, words)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def push_raw(server, image, repository):
    """Each file by POST and PUT, as clients do, then the manifest."""
    for path, digest in image.files:
        begun = urllib.request.urlopen(urllib.request.Request(f"{server.url}/v2/{repository}/blobs/uploads/", method="POST", data=b""))
        place = begun.headers["Location"]
        place = place if place.startswith("http") else server.url + place
        curl("-T", path, "-H", "Content-Type: application/octet-stream", place + ("&" if "?" in place else "?") + f"digest={digest}")
    urllib.request.urlopen(urllib.request.Request(f"{server.url}/v2/{repository}/manifests/1", method="PUT", data=image.manifest, headers={"Content-Type": MANIFEST}))


def pull_raw(server, image, repository):
    curl(*[word for _, digest in image.files for word in ("-o", "/dev/null", f"{server.url}/v2/{repository}/blobs/{digest}")])


def copier(path, port, ready):
    """What a file costs through a socket: read and send, nothing else."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        ready.set()
        while True:
            connection, _ = listener.accept()
            with connection, open(path, "rb") as source:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {os.path.getsize(path)}\r\nConnection: close\r\n\r\n".encode())
                buffer = bytearray(1 << 18)
                while count := source.readinto(buffer):
                    connection.sendall(memoryview(buffer)[:count])


def hammer(port, method, path, seconds, results):
    """One connection that asks again and again; the time of each answer."""
    ask = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {MANIFEST}\r\n\r\n".encode()
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            connection.sendall(ask)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65536)
            head, _, body = answer.partition(b"\r\n\r\n")
            if b" 200 " not in head[:20]:
                sys.exit(f"bench: {head[:80]}")
            if method == "GET":
                length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")).split(b":")[1])
                while len(body) < length:
                    body += connection.recv(65536)
            took.append(time.perf_counter() - start)
    results.put(took)


def load(server, method, path):
    """Requests a second and the 99th percentile in milliseconds, over CONNECTIONS connections."""
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=hammer, args=(server.port, method, path, SECONDS, results)) for _ in range(CONNECTIONS)]
    for worker in workers:
        worker.start()
    took = sorted(one for _ in workers for one in results.get())
    for worker in workers:
        worker.join()
    return len(took) / SECONDS, took[int(len(took) * 0.99)] * 1000


def compare_hub(program, engine, rounds, megabytes, rows):
    """Adds the rows; leaves out what there is no program for.

    engine: starts the Docker Engine whose client is the third one; None for none."""
    servers = []
    with tempfile.TemporaryDirectory(prefix="bench-hub-") as folder:
        try:
            servers.append(Server("naru", folder, program))
            if shutil.which("docker-registry"):
                servers.append(Server("docker-registry", folder, "docker-registry"))
            time.sleep(5)
            row(rows, "registry idle, resident", [server.memory("VmRSS") for server in servers], "MB")
            images = [Layers(folder, megabytes, seed) for seed in range(rounds + 1)]
            moved(servers, images, folder, megabytes, rows)
            if engine:
                docker(engine, servers, len(images), megabytes, rows)
            crowd(servers, images[0], rows)
            for name, method, path in ((f"manifest GET, {CONNECTIONS} connections", "GET", "/v2/raw0/manifests/1"),
                                       (f"blob HEAD, {CONNECTIONS} connections", "HEAD", f"/v2/raw0/blobs/{images[0].files[0][1]}")):
                measured = [load(server, method, path) for server in servers]
                row(rows, f"{name}, requests a second", [one[0] for one in measured], "/s")
                row(rows, f"{name}, 99th percentile", [one[1] for one in measured], "ms")
            time.sleep(15)
            row(rows, "registry after all that, resident", [server.memory("VmRSS") for server in servers], "MB")
        finally:
            for server in servers:
                server.end()
        catalogue(folder, program, rows)


def row(rows, name, values, unit):
    rows.append((name, values[0], values[1] if len(values) > 1 else None, unit))


def moved(servers, images, folder, megabytes, rows):
    """Push and pull of each image, in turn; the plain copy in the same turn."""
    ports, copiers = [free_port() for _ in images[0].files], []
    for (path, _), port in zip(images[0].files, ports):
        ready = multiprocessing.Event()
        copiers.append(multiprocessing.Process(target=copier, args=(path, port, ready), daemon=True))
        copiers[-1].start()
        ready.wait()
    samples = {}

    def note(kind, name, took, measured):
        if measured:
            samples.setdefault(kind, {}).setdefault(name, []).append(took)

    try:
        for at, image in enumerate(images):
            # Neither is always the one that finds the disk busy with what was written before.
            turn = servers if at % 2 else servers[::-1]
            for server in turn:
                os.sync()
                note("push", server.name, timed(push_raw, server, image, f"raw{at}"), at)
            for server in turn:
                note("pull", server.name, timed(pull_raw, server, image, f"raw{at}"), at)
            note("pull", "copy", timed(curl, *[word for port in ports for word in ("-o", "/dev/null", f"http://127.0.0.1:{port}/")]), at)
            if shutil.which("skopeo"):
                layout = image.layout(Path(folder) / f"layout{at}")
                for server in turn:
                    os.sync()
                    note("skopeo push", server.name, timed(skopeo, layout, f"docker://127.0.0.1:{server.port}/skopeo{at}:1"), at)
                for server in turn:
                    os.sync()
                    note("skopeo pull", server.name, timed(skopeo, f"docker://127.0.0.1:{server.port}/skopeo{at}:1", f"dir:{folder}/pulled"), at)
                    shutil.rmtree(f"{folder}/pulled")
    finally:
        for one in copiers:
            one.kill()
    what = f"{megabytes} MB, {LAYERS} layers"
    for kind, name in (("push", f"registry: push of {what}, curl"), ("pull", f"registry: pull of {what}, curl"), ("skopeo push", f"registry: push of {what}, skopeo"), ("skopeo pull", f"registry: pull of {what}, skopeo")):
        if kind in samples:
            row(rows, name, [statistics.median(samples[kind][server.name]) for server in servers], "ms")
    rows.append((f"registry: that pull beside a plain copy through a socket", statistics.median(samples["pull"]["naru"]), statistics.median(samples["pull"]["copy"]), "ms"))


def docker(engine, servers, count, megabytes, rows):
    """A new engine pulls an image from one and pushes it to the other: one that remembered where it saw the layers would have them mounted instead."""
    pulls, pushes = [{server.name: [] for server in servers} for _ in range(2)]
    for at in range(count):
        for server, other in [(servers[0], servers[-1]), (servers[-1], servers[0])][::1 if at % 2 else -1]:
            running = engine()
            try:
                os.sync()
                image, target = f"127.0.0.1:{server.port}/raw{at}:1", f"127.0.0.1:{other.port}/docker{at}:1"
                pulled = running.side.time("pull", "-q", image)
                running.side.run("tag", image, target)
                os.sync()
                pushed = running.side.time("push", "-q", target)
            finally:
                running.end()
            if at:
                pulls[server.name].append(pulled)
                pushes[other.name].append(pushed)
    for what, samples in (("push", pushes), ("pull", pulls)):
        row(rows, f"registry: {what} of {megabytes} MB, {LAYERS} layers, docker", [statistics.median(samples[server.name]) for server in servers], "ms")


def skopeo(source, target):
    subprocess.run(["skopeo", "copy", "-q", "--insecure-policy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", source, target], check=True, stdout=subprocess.DEVNULL)


def crowd(servers, image, rows):
    """CLIENTS clients that pull at once, against one: bytes a second, and the most memory it took."""
    rates = []
    for server in servers:
        address = f"{server.url}/v2/raw0/blobs/{image.files[0][1]}"
        size = image.files[0][0].stat().st_size
        curl(address)  # what was pushed long ago may be on the disk alone
        took = timed(lambda: [process.wait() for process in [subprocess.Popen(["curl", "-sf", "-o", "/dev/null", address]) for _ in range(CLIENTS)]])
        rates.append(size * CLIENTS / took / 1000)
    row(rows, f"registry: {CLIENTS} clients pull at once, together", rates, "MB/s")
    row(rows, "registry: most memory so far", [server.memory("VmHWM") for server in servers], "MB")


def catalogue(folder, program, rows):
    """A hundred thousand repositories, a million tags: pages of ours, by HTTP."""
    server = Server("naru", tempfile.mkdtemp(dir=folder), program)
    server.end()
    with sqlite3.connect(server.folder / "data" / "hub.db") as database:
        fill(database)
    database.close()
    server.start()
    try:
        for name, path in (("search, one word", "/search?q=redis"), ("search, two words", "/search?q=redis+web"), ("search, a first letter", "/search?q=r"), ("a repository's tags", "/v2/team7/mysql-3/tags/list"), ("a repository's page", "/r/team7/mysql-3")):
            took = []
            for _ in range(21):
                took.append(timed(lambda: urllib.request.urlopen(server.url + path).read()))
            rows.append((f"hub of 100,000 repositories and a million tags: {name}", statistics.median(took), None, "ms"))
    finally:
        server.end()


def fill(database):
    """Rows as pushes would have made them: names of two words, ten tags each, one manifest a repository."""
    words = "redis postgres nginx python node golang rust mysql web api worker cache queue mail auth admin data proxy build test".split()
    now, content = 638_000_000_000_000_000, json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": []}).encode()
    database.execute("PRAGMA foreign_keys = OFF")
    for number in range(100_000):
        name = f"team{number % 1000}/{words[number % len(words)]}-{number // 1000}"
        database.execute("INSERT INTO repository (id, account, name, private, description, readme, pulls, created, pushed) VALUES (?, NULL, ?, 0, ?, '', ?, ?, ?)",
                         (number + 1, name, f"{words[(number // 7) % len(words)]} for everybody", number * 7919 % 100_000, now, now))
        digest = "sha256:" + hashlib.sha256(str(number).encode()).hexdigest()
        database.execute("INSERT INTO manifest (digest, media_type, content, created) VALUES (?, ?, ?, ?)", (digest, INDEX, content, now))
        database.execute("INSERT INTO image (repository, digest, media_type, artifact_type, subject, size, pushed, named) VALUES (?, ?, ?, NULL, NULL, 1, ?, ?)", (number + 1, digest, INDEX, now, now))
        database.executemany("INSERT INTO tag (repository, name, digest, pushed) VALUES (?, ?, ?, ?)", [(number + 1, f"1.{minor}", digest, now) for minor in range(10)])
        for term in set(name.replace("/", "-").split("-")):
            database.execute("INSERT INTO term (term, repository) VALUES (?, ?)", (term, number + 1))
