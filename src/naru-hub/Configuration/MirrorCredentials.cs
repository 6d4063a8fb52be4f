using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Hub.Mirrors;
using Naru.Images;

namespace Naru.HubServer.Configuration;

/// <summary>The passwords of upstreams, in the form that <c>docker login</c> writes: <c>{"auths": {"HOST": {"auth": base64 of NAME:PASSWORD}}}</c>.</summary>
internal sealed class MirrorCredentials
{
    private const string DockerHub = "docker.io";
    private const string DockerHubKey = "https://index.docker.io/v1/";

    private readonly Dictionary<string, RegistryCredentials> byHost = new(StringComparer.Ordinal);

    /// <exception cref="NaruException">InvalidArgument, with what is wrong in the file.</exception>
    public MirrorCredentials(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
                throw NaruException.Invalid($"{path}: there is no object \"auths\" in it");
            foreach (var entry in auths.EnumerateObject())
                byHost[entry.Name] = Read(path, entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>What is known of an upstream, by its address or by its mirror's name; null for nothing.</summary>
    public RegistryCredentials? Find(MirrorSettings mirror)
    {
        foreach (var key in (string[])[mirror.Upstream.Authority, mirror.Upstream.GetLeftPart(UriPartial.Authority), mirror.Name, mirror.Name == DockerHub ? DockerHubKey : ""])
        {
            if (byHost.TryGetValue(key, out var found))
                return found;
        }

        return null;
    }

    private static RegistryCredentials Read(string path, JsonProperty entry)
    {
        if (entry.Value.ValueKind != JsonValueKind.Object)
            throw NaruException.Invalid($"{path}: {entry.Name} must be an object");
        var (name, password) = (Text(entry.Value, "username"), Text(entry.Value, "password"));
        if (Text(entry.Value, "auth") is { } packed)
        {
            try
            {
                var plain = Encoding.UTF8.GetString(Convert.FromBase64String(packed));
                var colon = plain.IndexOf(':');
                if (colon > 0)
                    (name, password) = (plain[..colon], plain[(colon + 1)..].TrimEnd('\0'));
            }
            catch (FormatException)
            {
                throw NaruException.Invalid($"{path}: {entry.Name}: \"auth\" must be the base64 of NAME:PASSWORD");
            }
        }

        var found = new RegistryCredentials { Username = name, Password = password, IdentityToken = Text(entry.Value, "identitytoken"), RegistryToken = Text(entry.Value, "registrytoken") };
        return found.IsEmpty ? throw NaruException.Invalid($"{path}: {entry.Name} has neither a name with a password nor a token") : found;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
