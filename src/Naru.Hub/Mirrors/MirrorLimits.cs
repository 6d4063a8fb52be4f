namespace Naru.Hub.Mirrors;

/// <summary>How long and how much is kept of mirrored registries.</summary>
/// <param name="Fresh">How long a tag is served before the upstream is asked whether it is still the same.</param>
/// <param name="Keep">How long what nobody pulls is kept; null for ever.</param>
/// <param name="Space">Bytes of blobs at most, beyond which those that were not used the longest go; null without a limit.</param>
public sealed record MirrorLimits(TimeSpan Fresh, TimeSpan? Keep, long? Space);
