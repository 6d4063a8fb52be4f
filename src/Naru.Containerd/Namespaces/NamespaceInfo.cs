namespace Naru.Containerd;

/// <summary>A namespace and its labels.</summary>
public sealed record NamespaceInfo(string Name, IReadOnlyDictionary<string, string> Labels);
