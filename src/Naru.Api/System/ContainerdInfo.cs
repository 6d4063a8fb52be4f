namespace Naru.Api;

/// <summary>The containerd that an engine uses.</summary>
public sealed record ContainerdInfo
{
    public string Address { get; init; } = "";
    public ContainerdNamespaces Namespaces { get; init; } = new();
}
