using Naru.Oci;

namespace Naru.Build.Graph;

/// <summary>One file from a URL, in an otherwise empty file system.</summary>
public sealed class HttpStep : Step
{
    public required string Url { get; init; }

    /// <summary>The file's name in the result.</summary>
    public required string FileName { get; init; }

    /// <summary>What its content must have; empty: anything.</summary>
    public Digest Checksum { get; init; }

    /// <summary>Permission bits; null for 0600, as BuildKit's.</summary>
    public int? Mode { get; init; }

    public override IReadOnlyList<Step> Inputs => [];

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Url);
        writer.Add(FileName);
        writer.Add(Checksum.IsEmpty ? null : Checksum.ToString());
        writer.Add(Mode ?? -1);
    }
}
