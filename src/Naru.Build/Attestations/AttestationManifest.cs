using System.Text.Json;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>What is said of an image, in the form of an image: a manifest whose layers are statements, which an index carries beside the image's own.</summary>
/// <remarks>docs/attestations/attestation-storage.md of BuildKit.</remarks>
internal sealed class AttestationManifest
{
    private AttestationManifest(Descriptor target, ImageManifest document, byte[] bytes, byte[] config, IReadOnlyList<byte[]> statements) =>
        (Target, Document, Bytes, Config, Statements) = (target, document, bytes, config, statements);

    /// <summary>As the index has it: of no platform, and tied to the image.</summary>
    public Descriptor Target { get; }

    public ImageManifest Document { get; }

    public byte[] Bytes { get; }

    public byte[] Config { get; }

    /// <summary>The layers' content, in their order.</summary>
    public IReadOnlyList<byte[]> Statements { get; }

    /// <param name="image">The image's manifest.</param>
    /// <param name="names">By which the image will be known.</param>
    public static AttestationManifest Of(Descriptor image, Platform platform, IReadOnlyList<ImageReference> names, IReadOnlyList<Attestation> said)
    {
        List<Subject> subjects = [];
        foreach (var name in names)
            subjects.Add(new Subject(PackageUrl.Of(name, platform), image.Digest.Hex, image.Digest.Algorithm));
        List<byte[]> statements = [];
        List<Descriptor> layers = [];
        foreach (var one in said)
        {
            var statement = Statement.Write(one, subjects, indented: false);
            statements.Add(statement);
            layers.Add(Descriptor.Of(Statement.MediaType, statement) with { Annotations = new Dictionary<string, string> { [Statement.PredicateTypeAnnotation] = one.PredicateType } });
        }

        var config = WriteConfig(layers);
        var document = new ImageManifest { MediaType = MediaTypes.OciManifest, Config = Descriptor.Of(MediaTypes.OciConfig, config), Layers = layers };
        var bytes = document.Write();
        var target = Descriptor.Of(MediaTypes.OciManifest, bytes) with
        {
            Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["vnd.docker.reference.digest"] = image.Digest.ToString(),
                [MediaTypes.ReferenceTypeAnnotation] = "attestation-manifest",
            },
            Platform = new Platform { Os = "unknown", Architecture = "unknown" },
        };
        return new AttestationManifest(target, document, bytes, config, statements);
    }

    private static byte[] WriteConfig(IReadOnlyList<Descriptor> layers)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Statement.Options(indented: false)))
        {
            writer.WriteStartObject();
            writer.WriteString("architecture", "unknown");
            writer.WriteString("os", "unknown");
            writer.WriteStartObject("config");
            writer.WriteEndObject();
            writer.WriteStartObject("rootfs");
            writer.WriteString("type", "layers");
            writer.WriteStartArray("diff_ids");
            foreach (var layer in layers)
                writer.WriteStringValue(layer.Digest.ToString());
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
