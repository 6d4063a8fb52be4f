using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>What tests change in a config.json, by name.</summary>
internal static class SpecChanges
{
    /// <summary>A shell with this script in the place of the program.</summary>
    public static void Script(this JsonNode spec, string script) => spec["process"]!["args"] = new JsonArray("sh", "-c", script);

    /// <summary>One container of a configuration that is as before afterwards.</summary>
    /// <param name="change">What is changed for it, besides its script.</param>
    public static Result RunOnce(this Bundle bundle, string id, string script, Action<JsonNode> change)
    {
        var before = File.ReadAllText(bundle.Folder["config.json"]);
        bundle.Change(spec =>
        {
            spec.Script(script);
            change(spec);
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", id);
        File.WriteAllText(bundle.Folder["config.json"], before);
        return result;
    }

    public static JsonObject Mount(this JsonNode spec, string destination, string type, string source, params string[] options)
    {
        var mount = new JsonObject
        {
            ["destination"] = destination,
            ["type"] = type,
            ["source"] = source,
            ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
        };
        spec["mounts"]!.AsArray().Add(mount);
        return mount;
    }

    public static JsonObject Bind(this JsonNode spec, string destination, string source, params string[] options) => spec.Mount(destination, "bind", source, ["bind", .. options]);

    /// <summary>A namespace of this type: new, or the one at a path.</summary>
    public static void Namespace(this JsonNode spec, string type, string? path = null)
    {
        spec.NoNamespace(type);
        var entry = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            entry["path"] = path;
        }
        spec["linux"]!["namespaces"]!.AsArray().Add(entry);
    }

    /// <summary>The host's namespace of this type.</summary>
    public static void NoNamespace(this JsonNode spec, string type)
    {
        var namespaces = spec["linux"]!["namespaces"]!.AsArray();
        foreach (var entry in namespaces.Where(entry => entry!["type"]!.GetValue<string>() == type).ToList())
        {
            namespaces.Remove(entry);
        }
    }

    /// <summary>A new user namespace whose ids are these of the host's, uids and gids alike.</summary>
    public static void Users(this JsonNode spec, params (uint Inside, uint Outside, uint Count)[] mappings)
    {
        spec.Namespace("user");
        spec["linux"]!["uidMappings"] = Mappings(mappings);
        spec["linux"]!["gidMappings"] = Mappings(mappings);
    }

    public static JsonArray Mappings(params (uint Inside, uint Outside, uint Count)[] mappings) =>
        [.. mappings.Select(mapping => new JsonObject { ["containerID"] = mapping.Inside, ["hostID"] = mapping.Outside, ["size"] = mapping.Count })];

    public static void Capability(this JsonNode spec, string name)
    {
        foreach (var set in new[] { "bounding", "effective", "permitted" })
        {
            spec["process"]!["capabilities"]![set]!.AsArray().Add(name);
        }
    }
}
