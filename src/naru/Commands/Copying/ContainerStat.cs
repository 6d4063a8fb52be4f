using System.Text.Json.Nodes;

namespace Naru.Cli.Commands.Copying;

/// <summary>A path in a container, from the X-Docker-Container-Path-Stat header. The mode is Go's os.FileMode.</summary>
internal sealed record ContainerStat(uint Mode, string LinkTarget)
{
    private const uint Folder = 1u << 31, Link = 1u << 27, Device = 1u << 26, Pipe = 1u << 25, Socket = 1u << 24, Irregular = 1u << 19;

    public bool IsFolder => (Mode & Folder) != 0;

    public bool IsLink => (Mode & Link) != 0;

    /// <summary>Why nothing can be copied over it; null when something can.</summary>
    public string? Unfit => (Mode & Device) != 0 ? "got a device" : (Mode & (Pipe | Socket | Irregular)) != 0 ? "got an irregular file" : null;

    public static ContainerStat From(EngineResponse response)
    {
        var header = response.Headers.GetValueOrDefault("X-Docker-Container-Path-Stat") ?? throw new NaruException(ErrorKind.Internal, "unable to get container path stat from response");
        var json = JsonNode.Parse(Convert.FromBase64String(header))!;
        return new ContainerStat((uint?)json["mode"] ?? 0, (string?)json["linkTarget"] ?? "");
    }

    /// <summary>HEAD archive; null when there is no such path, or no such container.</summary>
    public static ContainerStat? Find(EngineClient engine, string container, string path)
    {
        try
        {
            using var response = engine.Send("HEAD", new Query($"/containers/{EngineClient.Escape(container)}/archive").Add("path", path));
            return From(response);
        }
        catch (EngineException e) when (e.Status > 0)
        {
            return null;
        }
    }
}
