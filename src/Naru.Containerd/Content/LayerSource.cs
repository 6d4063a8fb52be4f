namespace Naru.Containerd;

/// <summary>What a layer's bytes can be made of again.</summary>
/// <param name="Folder">The number of committed snapshots' folder.</param>
/// <param name="Latest">Seconds since 1970: no file is younger; null: the files' own times.</param>
public sealed record LayerSource(long Folder, long? Latest);
