using System.Text;
using System.Text.Json;
using Naru.Base.Units;

namespace Naru.Cli.Commands.System;

/// <summary>The server's half of `info`, line by line as Docker prints it.</summary>
internal static class InfoText
{
    public static string Format(JsonElement info)
    {
        var text = new StringBuilder();
        foreach (var (label, name) in ((string, string)[])[("Containers", "Containers"), (" Running", "ContainersRunning"), (" Paused", "ContainersPaused"), (" Stopped", "ContainersStopped"), ("Images", "Images"), ("Server Version", "ServerVersion"), ("Storage Driver", "Driver")])
            Line(text, label, Text(info, name));
        Pairs(text, info, "DriverStatus", "  ");
        Pairs(text, info, "SystemStatus", " ");
        foreach (var (label, name) in ((string, string)[])[("Logging Driver", "LoggingDriver"), ("Cgroup Driver", "CgroupDriver"), ("Cgroup Version", "CgroupVersion")])
            Line(text, label, Text(info, name));
        if (Member(info, "Plugins") is { ValueKind: JsonValueKind.Object } plugins)
        {
            text.Append(" Plugins:\n");
            foreach (var kind in (string[])["Volume", "Network", "Authorization", "Log"])
            {
                if (Words(plugins, kind) is { Count: > 0 } names)
                    text.Append($"  {kind}: {string.Join(' ', names)}\n");
            }
        }

        if (Words(info, "CDISpecDirs") is { Count: > 0 } folders)
            text.Append(" CDI spec directories:\n").Append(string.Concat(folders.Select(folder => $"  {folder}\n")));
        Line(text, "Swarm", Member(info, "Swarm") is { } swarm ? Text(swarm, "LocalNodeState") is { Length: > 0 } state ? state : "inactive" : "inactive");
        if (Member(info, "Runtimes") is { ValueKind: JsonValueKind.Object } runtimes)
            text.Append($" Runtimes: {string.Join(' ', runtimes.EnumerateObject().Select(runtime => runtime.Name).Order(StringComparer.Ordinal))}\n");
        Line(text, "Default Runtime", Text(info, "DefaultRuntime"));
        Line(text, "Init Binary", Text(info, "InitBinary"));
        foreach (var (label, name) in ((string, string)[])[("containerd", "ContainerdCommit"), ("runc", "RuncCommit"), ("init", "InitCommit")])
            text.Append($" {label} version: {(Member(info, name) is { ValueKind: JsonValueKind.Object } commit ? Text(commit, "ID") : "")}\n");
        Security(text, info);
        foreach (var (label, name) in ((string, string)[])[("Kernel Version", "KernelVersion"), ("Operating System", "OperatingSystem"), ("OSType", "OSType"), ("Architecture", "Architecture"), ("CPUs", "NCPU")])
            Line(text, label, Text(info, name));
        text.Append($" Total Memory: {ByteSize.HumanBinary(Member(info, "MemTotal") is { ValueKind: JsonValueKind.Number } memory ? memory.GetInt64() : 0)}\n");
        foreach (var (label, name) in ((string, string)[])[("Name", "Name"), ("ID", "ID"), ("Docker Root Dir", "DockerRootDir"), ("Debug Mode", "Debug")])
            Line(text, label, Text(info, name));
        foreach (var (label, name) in ((string, string)[])[("HTTP Proxy", "HttpProxy"), ("HTTPS Proxy", "HttpsProxy"), ("No Proxy", "NoProxy")])
            Line(text, label, Text(info, name));
        if (Words(info, "Labels") is { Count: > 0 } labels)
            text.Append(" Labels:\n").Append(string.Concat(labels.Select(label => $"  {label}\n")));
        Line(text, "Experimental", Text(info, "ExperimentalBuild"));
        Registries(text, info);
        Line(text, "Live Restore Enabled", Text(info, "LiveRestoreEnabled"));
        return text.ToString();
    }

    private static void Security(StringBuilder text, JsonElement info)
    {
        if (Words(info, "SecurityOptions") is not { Count: > 0 } options)
            return;
        text.Append(" Security Options:\n");
        foreach (var option in options)
        {
            var parts = option.Split(',').Select(part => part.Split('=', 2)).ToList();
            text.Append($"  {parts.FirstOrDefault(pair => pair[0] == "name")?[^1] ?? option}\n");
            foreach (var pair in parts.Where(pair => pair[0] != "name" && pair.Length == 2))
                text.Append($"   {char.ToUpperInvariant(pair[0][0])}{pair[0][1..]}: {pair[1]}\n");
        }
    }

    private static void Registries(StringBuilder text, JsonElement info)
    {
        if (Member(info, "RegistryConfig") is not { ValueKind: JsonValueKind.Object } registries)
            return;
        var insecure = new List<string>();
        if (Member(registries, "IndexConfigs") is { ValueKind: JsonValueKind.Object } indexes)
            insecure.AddRange(indexes.EnumerateObject().Where(index => Member(index.Value, "Secure") is { ValueKind: JsonValueKind.False }).Select(index => index.Name));
        insecure.AddRange(Words(registries, "InsecureRegistryCIDRs"));
        if (insecure.Count > 0)
            text.Append(" Insecure Registries:\n").Append(string.Concat(insecure.Select(name => $"  {name}\n")));
        if (Words(registries, "Mirrors") is { Count: > 0 } mirrors)
            text.Append(" Registry Mirrors:\n").Append(string.Concat(mirrors.Select(name => $"  {name}\n")));
    }

    private static void Pairs(StringBuilder text, JsonElement info, string name, string indent)
    {
        if (Member(info, name) is not { ValueKind: JsonValueKind.Array } pairs)
            return;
        foreach (var pair in pairs.EnumerateArray())
            text.Append($"{indent}{pair[0].GetString()}: {pair[1].GetString()}\n");
    }

    private static void Line(StringBuilder text, string label, string value)
    {
        if (value.Length > 0)
            text.Append($" {label}: {value}\n");
    }

    private static JsonElement? Member(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement of, string name) => Member(of, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };

    private static List<string> Words(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}
