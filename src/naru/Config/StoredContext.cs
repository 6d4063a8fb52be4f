using System.Text.Json.Nodes;

namespace Naru.Cli.Config;

/// <summary>One context's meta.json: its name, a description, where its engine is.</summary>
internal sealed record StoredContext(string Name, string Description, string Host, bool SkipTlsVerify)
{
    /// <summary>As it is kept, and as inspect shows it.</summary>
    public JsonObject Json => new()
    {
        ["Name"] = Name,
        ["Metadata"] = Description.Length > 0 ? new JsonObject { ["Description"] = Description } : [],
        ["Endpoints"] = new JsonObject { ["docker"] = Endpoint },
    };

    private JsonObject Endpoint => Host.Length > 0
        ? new JsonObject { ["Host"] = Host, ["SkipTLSVerify"] = SkipTlsVerify }
        : new JsonObject { ["SkipTLSVerify"] = SkipTlsVerify };

    public static StoredContext Read(string path) => Parse(File.ReadAllBytes(path));

    public static StoredContext Parse(byte[] json)
    {
        var root = JsonNode.Parse(json);
        var docker = root?["Endpoints"]?["docker"];
        return new StoredContext((string?)root?["Name"] ?? "", (string?)root?["Metadata"]?["Description"] ?? "", (string?)docker?["Host"] ?? "", (bool?)docker?["SkipTLSVerify"] ?? false);
    }
}
