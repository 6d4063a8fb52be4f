using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Naru.Hub.Storage;
using Naru.Tests.House;

namespace Naru.Tests.Hub.Storage;

/// <summary>An S3 server of the tests' own, started by the first who asks: npm's s3rver, installed once below <c>out/</c>.</summary>
public sealed class S3Server : IDisposable
{
    private const string Version = "3.7.1";
    private static readonly string Cache = Path.Combine(Repository.Root, "out", "s3rver");
    private static readonly string Program = Path.Combine(Cache, "node_modules", "s3rver", "bin", "s3rver.js");
    private readonly string folder = Directory.CreateTempSubdirectory("naru-s3-").FullName;
    private readonly Lazy<Uri> endpoint;
    private Process? server;

    public S3Server() => endpoint = new Lazy<Uri>(Start);

    /// <summary>Why there is none; null when there is.</summary>
    public static string? Missing => Found("node") && (File.Exists(Program) || Found("npm")) ? null : "not installed: npm";

    public Uri Endpoint => endpoint.Value;

    /// <summary>Parts are as small as they may be; each prefix is a storage of its own.</summary>
    public S3Options Options(string prefix) => new()
    {
        Bucket = "hub",
        Prefix = prefix,
        Endpoint = Endpoint,
        PathStyle = true,
        AccessKey = "S3RVER",
        SecretKey = "S3RVER",
        Spool = Path.Combine(folder, "spool"),
        PartSize = 5 << 20,
        Redirect = true,
    };

    public void Dispose()
    {
        if (server is not null)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static bool Found(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, program)));

    private static void Install()
    {
        Directory.CreateDirectory(Cache);
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefix", Cache, $"s3rver@{Version}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var error = npm.StandardError.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm install s3rver: {output.Result}{error}");
    }

    private Uri Start()
    {
        if (!File.Exists(Program))
            Install();
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        server = Process.Start(new ProcessStartInfo("node", [Program, "-d", Path.Combine(folder, "data"), "-a", "127.0.0.1", "-p", $"{port}", "--silent", "--no-vhost-buckets", "--configure-bucket", "hub"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _ = server.StandardError.ReadToEndAsync();
        _ = server.StandardOutput.ReadToEndAsync();
        for (var i = 0; ; i++)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (SocketException) when (i < 200 && !server.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }
}
