using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Naru.Chain.Tests;
using Naru.Conformance.Tests.Http;

namespace Naru.Conformance.Tests.Servers;

/// <summary>A registry on a free port of loopback, over a folder of its own; ends with the tests that share it.</summary>
public abstract class RegistryServer : IDisposable
{
    private readonly StringBuilder _said = new();
    private readonly TempFolder _folder = new();
    private Process? _process;

    protected RegistryServer() => Wire = new(FreePort(), () => Said);

    public Wire Wire { get; }

    /// <summary>What it wrote to stdout and stderr.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    protected TempFolder Folder => _folder;

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the program and waits for its first answer.</summary>
    protected void Start(string program, params string[] arguments)
    {
        _process = Command.Start(program, arguments, new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "none" });
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); !Answers(); Thread.Sleep(20))
        {
            Assert.False(_process.HasExited, $"{program} ended: {Said}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{program} does not answer: {Said}");
        }
    }

    private bool Answers()
    {
        try
        {
            return Wire.Get("/v2/").Status > 0;
        }
        catch (Exception why) when (why is SocketException or IOException)
        {
            return false;
        }
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
