using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Naru.Cli.Config;

/// <summary>config.json. What this client does not know in it is kept when it is saved.</summary>
internal sealed class ConfigFile
{
    private readonly string folder;
    private readonly JsonObject root;

    private ConfigFile(string folder, JsonObject root) => (this.folder, this.root) = (folder, root);

    public string Path => System.IO.Path.Combine(folder, "config.json");

    public string Folder => folder;

    public string? CurrentContext => Text("currentContext");

    public string? PsFormat => Text("psFormat");

    public string? ImagesFormat => Text("imagesFormat");

    public string? VolumesFormat => Text("volumesFormat");

    public string? NetworksFormat => Text("networksFormat");

    public string? StatsFormat => Text("statsFormat");

    public string? DetachKeys => Text("detachKeys");

    public string? CredentialsStore => Text("credsStore");

    /// <summary>More headers for each request to the engine.</summary>
    public IReadOnlyDictionary<string, string>? HttpHeaders => Map("HttpHeaders");

    /// <summary>Registry to the name of its credential helper.</summary>
    public IReadOnlyDictionary<string, string>? CredentialHelpers => Map("credHelpers");

    /// <summary>Proxy settings of one engine or of all ("default"), as environment variables for containers.</summary>
    public IReadOnlyDictionary<string, string> ProxyVariables(string host)
    {
        // Docker's order: both spellings of each, one after the other.
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root["proxies"] is not JsonObject proxies || (proxies[host] ?? proxies["default"]) is not JsonObject chosen)
            return variables;
        foreach (var (key, name) in ((string, string)[])[("httpProxy", "HTTP_PROXY"), ("httpsProxy", "HTTPS_PROXY"), ("noProxy", "NO_PROXY"), ("ftpProxy", "FTP_PROXY"), ("allProxy", "ALL_PROXY")])
        {
            if ((string?)chosen[key] is { Length: > 0 } value)
            {
                variables[name] = value;
                variables[name.ToLowerInvariant()] = value;
            }
        }

        return variables;
    }

    /// <summary>Reads the file; a missing one is empty, a broken one is a warning, as docker has it.</summary>
    public static ConfigFile Load(string folder)
    {
        var path = System.IO.Path.Combine(folder, "config.json");
        try
        {
            if (File.Exists(path))
                return new ConfigFile(folder, JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? []);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            Terminal.Streams.ErrorLine($"WARNING: Error parsing config file ({path}): {e.Message}");
        }

        return new ConfigFile(folder, []);
    }

    /// <summary>The credentials of a registry by its key in "auths"; null without.</summary>
    public AuthConfig? Auth(string registry)
    {
        if (root["auths"] is not JsonObject auths || auths[registry] is not JsonObject entry)
            return null;
        var auth = new AuthConfig { ServerAddress = registry, IdentityToken = (string?)entry["identitytoken"], RegistryToken = (string?)entry["registrytoken"] };
        if ((string?)entry["auth"] is { Length: > 0 } encoded)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).TrimEnd('\0').Split(':', 2);
            auth = auth with { Username = pair[0], Password = pair.Length > 1 ? pair[1] : "" };
        }

        return auth;
    }

    public IEnumerable<string> AuthKeys => root["auths"] is JsonObject auths ? auths.Select(pair => pair.Key).ToList() : [];

    /// <summary>Stores or, with null, removes the credentials of a registry, and saves. <paramref name="bare"/> keeps the key without the secret (a helper has it).</summary>
    public void StoreAuth(string registry, AuthConfig? auth, bool bare = false)
    {
        if (root["auths"] is not JsonObject auths)
            root["auths"] = auths = [];
        auths.Remove(registry);
        if (auth is not null)
        {
            var entry = new JsonObject();
            if (!bare && auth.IdentityToken is { Length: > 0 } token)
                entry["identitytoken"] = token;
            if (!bare)
                entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{auth.Username}:{(auth.IdentityToken is { Length: > 0 } ? "" : auth.Password)}"));
            auths[registry] = entry;
        }

        Save();
    }

    /// <summary>Sets the context in use, null for the default one, and saves.</summary>
    public void SetCurrentContext(string? name)
    {
        if (name is null)
            root.Remove("currentContext");
        else
            root["currentContext"] = name;
        // docker always writes this key.
        if (root["auths"] is null)
            root.Insert(0, "auths", new JsonObject());
        Save();
    }

    private void Save()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            root.WriteTo(writer);
        var target = Path;
        if (new FileInfo(target).LinkTarget is not null && File.ResolveLinkTarget(target, returnFinalTarget: true) is { } link)
            target = link.FullName;
        AtomicFile.Write(target, bytes.ToArray());
    }

    private string? Text(string name) => (string?)root[name] is { Length: > 0 } text ? text : null;

    private Dictionary<string, string>? Map(string name) =>
        root[name] is JsonObject map ? map.ToDictionary(pair => pair.Key, pair => (string?)pair.Value ?? "") : null;
}
