using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Naru.System.Tests.Images;

/// <summary>Debian's docker-registry on a port of loopback, storing in a folder of its own.</summary>
internal sealed class DebianRegistry : IDisposable
{
    private const string Program = "/usr/bin/docker-registry";
    private readonly Process process;

    /// <param name="more">More of its config.yml: auth, and what stands below <c>http:</c> for TLS.</param>
    public DebianRegistry(string folder, string auth = "", string tls = "")
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var config = Path.Combine(folder, "registry.yml");
        File.WriteAllText(config, $"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder}/registry}}}}\nhttp:\n  addr: 127.0.0.1:{Port}\n{tls}{auth}");
        var start = new ProcessStartInfo(Program, ["serve", config]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (var clock = Stopwatch.StartNew(); !Answers(); Thread.Sleep(20))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20) && !process.HasExited, "the registry does not answer");
    }

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
