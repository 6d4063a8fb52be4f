namespace Naru.Build.Graph;

/// <summary>The file system of an image: <c>FROM image</c>. Its layers are fetched only if a step that runs needs them.</summary>
public sealed class ImageStep : Step
{
    /// <summary>What the name stood for when the build was planned.</summary>
    public required ResolvedImage Image { get; init; }

    public override IReadOnlyList<Step> Inputs => [];

    public override void Define(DefinitionWriter writer) => writer.Add(Image.Manifest.ToString());
}
