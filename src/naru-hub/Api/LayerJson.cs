using System.Text.Json.Serialization;

namespace Naru.HubServer.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FolderAnswer))]
[JsonSerializable(typeof(ImageAnswer))]
[JsonSerializable(typeof(CompareAnswer))]
internal sealed partial class LayerJson : JsonSerializerContext;

/// <summary>A path of a layer.</summary>
/// <param name="Type"><c>file</c>, <c>hardlink</c>, <c>symlink</c>, <c>directory</c>, <c>character-device</c>, <c>block-device</c>, <c>fifo</c>, <c>whiteout</c>.</param>
/// <param name="Size">Bytes; of a directory, those of all files below it in this layer; in an image, in the layer that it is seen from.</param>
/// <param name="Below">Of a directory: entries below it there.</param>
/// <param name="Mode">Octal, as <c>0755</c>.</param>
/// <param name="Modified">Seconds since 1970.</param>
/// <param name="Opaque">A directory that hides what is below it; null for false.</param>
/// <param name="Change">In an image: <c>inside</c>, <c>added</c>, <c>changed</c>, <c>removed</c>, or null for none.</param>
/// <param name="Layer">In an image: the layer that it comes from, 0 at the bottom.</param>
internal sealed record FileAnswer(string Name, string Type, long Size, long? Below, string Mode, long Uid, long Gid, long Modified, string? Target, string? Sha256,
    bool? Opaque, string? Change, int? Layer);

/// <param name="Next">The <c>after</c> of what follows.</param>
/// <param name="Unknown">In an image: layers that are not indexed.</param>
internal sealed record FolderAnswer(string Path, IReadOnlyList<FileAnswer> Entries, string? Next, IReadOnlyList<int>? Unknown);

internal sealed record ImageAnswer(string Digest, string? Platform, IReadOnlyList<LayerAnswer> Layers);

/// <param name="State"><c>ready</c>, <c>pending</c> or <c>failed</c>; the numbers are there when all layers are ready.</param>
internal sealed record LayerAnswer(string Digest, long Size, string State, string? Failure, int? Added, int? Changed, int? Hidden, long? Bytes, long? HiddenBytes, long? WastedBytes);

internal sealed record CompareAnswer(ComparedImage From, ComparedImage To, int Added, int Changed, int Removed, long AddedBytes, long RemovedBytes, long ChangedGrowth,
    IReadOnlyList<DifferenceAnswer> Files, bool Complete, IReadOnlyList<ConfigDifferenceAnswer> Config, IReadOnlyList<string> Unknown);

internal sealed record ComparedImage(string Reference, string Digest, long Size, IReadOnlyList<string> Layers);

internal sealed record DifferenceAnswer(string Path, string Change, long? From, long? To, string? FromSha256, string? ToSha256);

internal sealed record ConfigDifferenceAnswer(string Field, string? Name, string? From, string? To);
