using System.Text.Json;

namespace Naru.Cli.Template;

/// <summary>JSON as templates see it: maps, lists, text, whole numbers, fractions, booleans.</summary>
internal static class JsonValues
{
    private static readonly ZeroValue Pointer = new("<nil>", "null"), List = new("[]", "null"), Map = new("map[]", "null"), Words = new("", "\"\""), Whole = new("0", "0"), Flag = new("false", "false");

    /// <summary>Converts a parsed value. The order of a map's keys is kept, so that {{json}} prints what the engine sent.</summary>
    /// <param name="sorted">True for keys in order, as Go prints maps that have no type.</param>
    public static object? From(JsonElement element, string name = "", bool sorted = false) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element, sorted),
        JsonValueKind.Array => element.EnumerateArray().Select(item => From(item, "", sorted)).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Zero(name) ?? Pointer,
    };

    /// <summary>A field that the map lacks: what Docker's types know prints as their zero, an alias is followed, the rest is an error.</summary>
    public static object? Missing(IReadOnlyDictionary<string, object?> map, string name, string place)
    {
        // Docker's types call ID what the JSON calls Id or id, and From what it calls from.
        foreach (var other in (string[])[name == "ID" ? "Id" : name, name.ToLowerInvariant(), char.ToLowerInvariant(name[0]) + name[1..], name == "APIVersion" ? "ApiVersion" : name])
        {
            if (map.TryGetValue(other, out var found))
                return found;
        }

        return Zero(name) ?? throw new TemplateException($"{place}map has no entry for key {GoText.Quote(name)}");
    }

    private static Dictionary<string, object?> Members(JsonElement element, bool sorted)
    {
        var map = new Dictionary<string, object?>();
        foreach (var member in sorted ? element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal) : element.EnumerateObject().AsEnumerable())
            map[member.Name] = From(member.Value, member.Name, sorted);
        return map;
    }

    private static ZeroValue? Zero(string name) => name switch
    {
        "Health" or "Healthcheck" or "StopTimeout" or "Init" or "SizeRw" or "SizeRootFs" or "IPAMConfig" or "GraphDriver" or "OomKillDisable" or "PidsLimit"
            or "MemorySwappiness" or "ImageManifestDescriptor" or "Descriptor" or "UsageData" or "ClusterVolume" or "ContainerConfig" or "Storage" => Pointer,
        "Binds" or "VolumesFrom" or "CapAdd" or "CapDrop" or "Dns" or "DnsOptions" or "DnsSearch" or "ExtraHosts" or "GroupAdd" or "Links" or "SecurityOpt"
            or "BlkioWeightDevice" or "BlkioDeviceReadBps" or "BlkioDeviceWriteBps" or "BlkioDeviceReadIOps" or "BlkioDeviceWriteIOps" or "Devices" or "DeviceCgroupRules"
            or "DeviceRequests" or "Ulimits" or "Mounts" or "MaskedPaths" or "ReadonlyPaths" or "Env" or "Cmd" or "Entrypoint" or "OnBuild" or "Shell" or "ExecIDs"
            or "Aliases" or "DNSNames" or "Args" or "RepoTags" or "RepoDigests" or "Layers" or "Config" => List,
        "PortBindings" or "Annotations" or "StorageOpt" or "Tmpfs" or "Sysctls" or "ExposedPorts" or "Volumes" or "Labels" or "Options" or "DriverOpts" or "Ports" or "Status" or "Containers" => Map,
        "MacAddress" or "StopSignal" or "Runtime" or "Variant" or "OsVersion" or "Parent" or "Comment" or "Author" or "DockerVersion" or "Container" or "CreatedAt" or "From" => Words,
        "KernelMemory" or "VirtualSize" => Whole,
        "ArgsEscaped" or "NetworkDisabled" => Flag,
        _ => null,
    };
}
