using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>naru-hub as the mirror of Docker Hub that an engine is told of. Docker's own registry is out of reach here: a docker-registry stands for it.</summary>
public sealed class HubMirrorEngineTests(HubMirrorEngineTests.Stand stand) : IClassFixture<HubMirrorEngineTests.Stand>
{
    private const int Port = 5500;
    private const int DeadPort = 5501;
    private const int UpstreamPort = 5502;

    private static readonly string[] Mirrors = [$"http://127.0.0.1:{DeadPort}", $"http://127.0.0.1:{Port}"];

    private Engine Engine => stand.Engine;

    [ChainFact("docker-registry")]
    public void Narud_pulls_through_its_mirrors()
    {
        stand.Push("library/narud:1");
        stand.Push("team/narud:1");
        using (stand.Hub("hub-narud"))
        {
            Assert.Contains($" Registry Mirrors:\n  {Mirrors[0]}/\n  {Mirrors[1]}/\n", Engine.Must("info"));
            foreach (var name in (string[])["narud:1", "team/narud:1"])
            {
                var pulled = Engine.Naru("pull", name);
                Assert.True(pulled.Code == 0, $"{pulled}\n{Engine.Log}");
                Assert.Equal(Engine.Must("inspect", "-f", "{{.Id}}", Engine.Image), Engine.Must("inspect", "-f", "{{.Id}}", name));
                Engine.Must("rmi", name);
            }

            // The first of them does not answer: dockerd's words.
            Assert.Contains($"Attempting next endpoint for pull after error: Get \\\"http://127.0.0.1:{DeadPort}/v2/\\\": dial tcp 127.0.0.1:{DeadPort}: connect: connection refused", Engine.Log);
            Assert.Equal("", Engine.Must("images", "-q", "narud"));
        }

        // None of them does: Docker's own is asked, which nobody can reach from here.
        var refused = Engine.Naru("pull", "narud:1");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("registry-1.docker.io", refused.Error);
        Assert.Contains($"connect: connection refused", Engine.Log.Split($"127.0.0.1:{Port}/v2/")[^1]);
    }

    [ChainFact("docker-registry", "dockerd", "docker", "containerd", "runc", "iptables")]
    public void Dockerd_pulls_through_its_mirror()
    {
        stand.Push("library/dockerd:1");
        using var hub = stand.Hub("hub-dockerd");
        var folder = Engine.Folder;
        var host = $"unix://{folder["d.sock"]}";
        var flags = $"-H {host} --data-root {folder["docker"]} --exec-root {folder["dexec"]} -p {folder["d.pid"]} --registry-mirror {Mirrors[1]} --bridge none --iptables=false --ip6tables=false --storage-driver vfs";
        var process = Process.Start("nsenter", ["--net=/run/netns/" + Engine.Namespace, "sh", "-c", $"exec {Programs.Original("dockerd")} {flags} >>{folder["dockerd.log"]} 2>&1 </dev/null"]);
        try
        {
            Result Docker(params string[] arguments) => Command.Run(Programs.Original("docker"), ["-H", host, .. arguments]);
            Command.Until(() => Docker("version").Code == 0, "dockerd to answer", 30);
            var pulled = Docker("pull", "dockerd:1");
            Assert.True(pulled.Code == 0, pulled.ToString());
            Assert.Equal("dockerd:1\n", Docker("images", "--format", "{{.Repository}}:{{.Tag}}", "dockerd").Out);
            Assert.Equal(0, Docker("rmi", "dockerd:1").Code);

            // Without the upstream, from what is here.
            stand.Unplug(() => Assert.Equal(0, Docker("pull", "dockerd:1").Code));
        }
        finally
        {
            Command.Run("/bin/kill", [process.Id.ToString()]);
            Assert.True(process.WaitForExit(15_000), "dockerd does not end");
            process.Dispose();
        }
    }

    [ChainFact]
    public void A_mirror_is_named_by_a_flag_too()
    {
        using var engine = new Engine("--registry-mirror", Mirrors[0], "--registry-mirror", Mirrors[1]);
        Assert.Contains($" Registry Mirrors:\n  {Mirrors[0]}/\n  {Mirrors[1]}/\n", engine.Must("info"));
    }

    /// <summary>An engine whose daemon.json names two mirrors, the first of which nobody serves, and the upstream.</summary>
    public sealed class Stand : IDisposable
    {
        private readonly TempFolder _folder = new();
        private Registry? _upstream;

        public Stand()
        {
            File.WriteAllText(_folder["daemon.json"], $$"""{"registry-mirrors": ["{{Mirrors[0]}}", "{{Mirrors[1]}}"]}""");
            Engine = new Engine("--config-file", _folder["daemon.json"]);
        }

        public Engine Engine { get; }

        /// <summary>The mirror, which serves until it is disposed.</summary>
        public Hub Hub(string folder) =>
            new(Engine.Namespace, _folder[folder], Port, "--mirror", $"docker.io=http://127.0.0.1:{UpstreamPort}", "--mirror-default", "docker.io", "--mirror-ttl", "10ms");

        /// <summary>Has the upstream have the tests' image by that name.</summary>
        public void Push(string name)
        {
            Plug();
            Engine.Must("tag", Engine.Image, _upstream!.Name(name));
            Engine.Must("push", _upstream.Name(name));
            Engine.Must("rmi", _upstream.Name(name));
        }

        /// <summary>Does something while the upstream is gone.</summary>
        public void Unplug(Action work)
        {
            _upstream!.Dispose();
            _upstream = null;
            work();
        }

        public void Dispose()
        {
            _upstream?.Dispose();
            Engine.Dispose();
            _folder.Dispose();
        }

        private void Plug() => _upstream ??= new Registry(Engine.Namespace, _folder["upstream"], UpstreamPort);
    }
}
