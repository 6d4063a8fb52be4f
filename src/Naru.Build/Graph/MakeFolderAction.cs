namespace Naru.Build.Graph;

/// <summary>Makes a folder and those above it, as WORKDIR does; one that exists stays as it is.</summary>
public sealed record MakeFolderAction : FileAction
{
    public required string Path { get; init; }

    public int Mode { get; init; } = 0b111_101_101;

    /// <summary>As <see cref="CopyAction.Owner"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>SOURCE_DATE_EPOCH: the time of what is made, seconds since 1970; null: the current.</summary>
    public long? Time { get; init; }

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Path);
        writer.Add(Mode);
        writer.Add(Owner);
        writer.Add(Time ?? -1);
    }
}
