using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One line of a transfer's progress, with containerd's words: waiting, downloading, extracting, complete, uploading, saved, or a sentence.</summary>
/// <param name="Name">What it is of: <c>layer-sha256:…</c>, <c>manifest-sha256:…</c>, an image's name.</param>
/// <param name="Done">Bytes so far.</param>
public sealed record TransferProgress(string Event, string Name, Descriptor? Descriptor, long Done, long Total)
{
    public static TransferProgress Says(string text, string name = "") => new(text, name, null, 0, 0);

    public static TransferProgress Of(string text, Descriptor descriptor, long done) => new(text, NameOf(descriptor), descriptor, done, descriptor.Size);

    /// <summary>The reference of a descriptor's ingest, as containerd makes it.</summary>
    public static string NameOf(Descriptor descriptor) => descriptor.MediaType switch
    {
        var type when MediaTypes.IsManifest(type) => $"manifest-{descriptor.Digest}",
        var type when MediaTypes.IsIndex(type) => $"index-{descriptor.Digest}",
        var type when MediaTypes.IsConfig(type) => $"config-{descriptor.Digest}",
        var type when MediaTypes.IsLayer(type) => $"layer-{descriptor.Digest}",
        _ => $"unknown-{descriptor.Digest}",
    };
}
