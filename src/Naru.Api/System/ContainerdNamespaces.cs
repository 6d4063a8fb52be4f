namespace Naru.Api;

/// <summary>Whose containers are an engine's.</summary>
public sealed record ContainerdNamespaces
{
    public string Containers { get; init; } = "";
    public string Plugins { get; init; } = "";
}
