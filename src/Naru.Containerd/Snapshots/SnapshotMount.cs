namespace Naru.Containerd;

/// <summary>A mount that shows a snapshot: as fstab(5) has it, options apart.</summary>
public sealed record SnapshotMount(string Type, string Source, IReadOnlyList<string> Options);
