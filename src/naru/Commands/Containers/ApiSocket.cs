using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Cli.Config;

namespace Naru.Cli.Commands.Containers;

/// <summary>`--use-api-socket`: the engine's own socket and the client's logins, given to a container that is to use the engine.</summary>
internal static class ApiSocket
{
    private const string Target = "/var/run/docker.sock", Folder = "/run/secrets/docker";

    /// <summary>The request with the socket mounted and the place of the logins in its environment.</summary>
    /// <exception cref="ExitException">The engine is not on this machine's socket.</exception>
    public static ContainerCreateRequest Add(CliContext context, ContainerCreateRequest request)
    {
        if (context.Engine.Address.Scheme != "unix")
            throw new ExitException(1, "--use-api-socket needs an engine on a unix socket");
        var mount = new Mount { Type = "bind", Source = context.Engine.Address.Host, Target = Target, BindOptions = new MountBindOptions() };
        return request with
        {
            Env = [.. request.Env ?? [], $"DOCKER_CONFIG={Folder}"],
            HostConfig = request.HostConfig! with { Mounts = [.. request.HostConfig.Mounts ?? [], mount] },
        };
    }

    /// <summary>Copies the logins, if there are any, into the created container: readable by its root alone.</summary>
    public static void CopyLogins(CliContext context, string container)
    {
        var auths = new JsonObject();
        foreach (var registry in context.Config.AuthKeys)
        {
            if (Credentials.Find(context.Config, registry) is not { } auth)
                continue;
            var entry = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{auth.Username}:{auth.Password}")) };
            if (!string.IsNullOrEmpty(auth.IdentityToken))
                entry["identitytoken"] = auth.IdentityToken;
            auths[registry] = entry;
        }

        if (auths.Count == 0)
            return;
        var config = Encoding.UTF8.GetBytes(new JsonObject { ["auths"] = auths }.ToJsonString());
        using var response = context.Engine.SendStream("PUT", $"/containers/{container}/archive?path=%2F", "application/x-tar", stream =>
        {
            using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Folder[1..] + "/config.json") { DataStream = new MemoryStream(config), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        });
    }
}
