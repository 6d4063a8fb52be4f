namespace Naru.Build.Graph;

/// <summary>A commit's files of a git repository.</summary>
public sealed class GitStep : Step
{
    public required string Remote { get; init; }

    /// <summary>A branch, tag, commit or full ref; empty for the remote's HEAD.</summary>
    public string Ref { get; init; } = "";

    /// <summary>Only this folder of it; empty: all.</summary>
    public string Subfolder { get; init; } = "";

    /// <summary>Keeps <c>.git</c> in the result.</summary>
    public bool KeepGitFolder { get; init; }

    /// <summary>The commit that <see cref="Ref"/> must stand for (ADD --checksum); empty: any.</summary>
    public string Checksum { get; init; } = "";

    public override IReadOnlyList<Step> Inputs => [];

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Remote);
        writer.Add(Ref);
        writer.Add(Subfolder);
        writer.Add(KeepGitFolder);
        writer.Add(Checksum);
    }
}
