namespace Naru.Build.Graph;

/// <summary>Writes a file's content: a here-document of COPY.</summary>
public sealed record WriteFileAction : FileAction
{
    public required string Path { get; init; }

    public required byte[] Content { get; init; }

    public int Mode { get; init; } = 0b110_100_100;

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Path);
        writer.Add(Content);
        writer.Add(Mode);
    }
}
