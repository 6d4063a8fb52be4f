namespace Naru.Runtime.State;

/// <summary>What the commands <c>state</c> and <c>list --format json</c> print of a container, with runc's names and order.</summary>
public sealed record StateListEntry
{
    public string OciVersion { get; init; } = "";

    public string Id { get; init; } = "";

    public int Pid { get; init; }

    public string Status { get; init; } = "";

    public string Bundle { get; init; } = "";

    public string Rootfs { get; init; } = "";

    public string Created { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public string Owner { get; init; } = "";
}
