using System.Text.Json;

namespace Naru.Cli.Commands.Containers;

/// <summary>What attaching needs to know of a container.</summary>
internal sealed record InspectedContainer(string Id, bool Tty, bool OpenStdin, bool AutoRemove, bool Running, bool Paused, bool Restarting)
{
    public static InspectedContainer Get(EngineClient engine, string name)
    {
        using var response = engine.Send("GET", $"/containers/{EngineClient.Escape(name)}/json");
        using var document = JsonDocument.Parse(response.ReadBytes());
        var root = document.RootElement;
        var (config, state) = (root.GetProperty("Config"), root.GetProperty("State"));
        return new InspectedContainer(root.GetProperty("Id").GetString()!, Flag(config, "Tty"), Flag(config, "OpenStdin"),
            root.TryGetProperty("HostConfig", out var host) && Flag(host, "AutoRemove"), Flag(state, "Running"), Flag(state, "Paused"), Flag(state, "Restarting"));
    }

    private static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
