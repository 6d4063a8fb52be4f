using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Linux;
using Naru.Linux.Sockets;

namespace Naru.Cli.Config;

/// <summary>Which engine to talk to: -H, --context, DOCKER_HOST, DOCKER_CONTEXT, the config file's context, else the local socket.</summary>
internal static class Endpoint
{
    private const int EPERM = 1, EACCES = 13;

    public static EngineClient Connect(GlobalFlags globals, ConfigFile config)
    {
        var (address, tls) = Resolve(globals, config);
        var pinned = Environment.GetEnvironmentVariable("DOCKER_API_VERSION");
        return new EngineClient(address)
        {
            Tls = tls,
            ExtraHeaders = config.HttpHeaders,
            ConnectLocal = ConnectLocal,
            Trace = globals.Traces ? Log.Debug : null,
            PinnedVersion = string.IsNullOrEmpty(pinned) ? null : pinned,
            UserAgent = $"Docker-Client/28.0.0 (linux) Naru/{ClientVersion.Version}",
        };
    }

    private static LocalStream ConnectLocal(string path)
    {
        try
        {
            var stream = UnixStream.Connect(path);
            return new LocalStream(stream, stream.CloseWrite);
        }
        catch (LinuxException e)
        {
            throw new SocketException((int)(e.Number is EACCES or EPERM ? SocketError.AccessDenied : SocketError.ConnectionRefused));
        }
    }

    /// <summary>The name of the context in use.</summary>
    public static string ContextName(GlobalFlags globals, ConfigFile config)
    {
        if (globals.Context.Changed && globals.Host.Changed)
            throw new ExitException(1, "conflicting options: cannot specify both --host and --context");
        if (globals.Context.Changed)
            return globals.Context.Value;
        if (globals.Host.Changed || Variable("DOCKER_HOST") is not null)
            return "default";
        return Variable("DOCKER_CONTEXT") ?? config.CurrentContext ?? "default";
    }

    private static (EngineAddress Address, TlsFiles? Tls) Resolve(GlobalFlags globals, ConfigFile config)
    {
        var context = ContextName(globals, config);
        if (context != "default")
            return FromContext(context, config);
        var verify = globals.TlsVerify.Changed ? globals.TlsVerify.Value : Variable("DOCKER_TLS_VERIFY") is not null;
        var tls = verify || globals.Tls.Value || Variable("DOCKER_TLS") is not null;
        var text = WithScheme(globals.Host.Changed ? globals.Host : Variable("DOCKER_HOST") ?? EngineAddress.Default);
        EngineAddress address;
        try
        {
            address = EngineAddress.Parse(text, tls);
        }
        catch (NaruException)
        {
            throw new ExitException(1, $"Failed to initialize: unable to resolve docker endpoint: invalid bind address format: {text}");
        }

        if (address.Tls && verify && !File.Exists(globals.TlsAuthority))
            throw new ExitException(1, $"Failed to initialize: unable to resolve docker endpoint: open {globals.TlsAuthority.Value}: no such file or directory");
        return (address, address.Tls ? new TlsFiles(globals.TlsAuthority.Value, globals.TlsCertificate.Value, globals.TlsKey.Value, verify) : null);
    }

    /// <summary>-H takes bare hosts, ports and paths too.</summary>
    private static string WithScheme(string host)
    {
        host = host.Trim();
        if (host.Length == 0)
            return EngineAddress.Default;
        if (host.Contains("://", StringComparison.Ordinal))
            return host is "unix://" ? EngineAddress.Default : host is "tcp://" ? "tcp://localhost:2375" : host;
        if (host[0] == '/')
            return "unix://" + host;
        return host[0] == ':' ? "tcp://localhost" + host : "tcp://" + (host.Contains(':') ? host : host + ":2375");
    }

    private static (EngineAddress Address, TlsFiles? Tls) FromContext(string name, ConfigFile config)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var meta = Path.Combine(config.Folder, "contexts", "meta", id, "meta.json");
        if (!File.Exists(meta))
            throw new ExitException(1, $"Failed to initialize: unable to resolve docker endpoint: context {GoText.Quote(name)}: context not found: open {meta}: no such file or directory");
        var docker = JsonNode.Parse(File.ReadAllBytes(meta))?["Endpoints"]?["docker"];
        var host = (string?)docker?["Host"];
        var skip = (bool?)docker?["SkipTLSVerify"] ?? false;
        var folder = Path.Combine(config.Folder, "contexts", "tls", id, "docker");
        var tls = Directory.Exists(folder) || skip;
        var address = EngineAddress.Parse(string.IsNullOrEmpty(host) ? EngineAddress.Default : host, tls);
        return (address, address.Tls ? new TlsFiles(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), !skip) : null);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
