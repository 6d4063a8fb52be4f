namespace Naru.Build.Graph;

/// <summary>Changes files without running anything of the image's: COPY, ADD, WORKDIR. Its actions together are one layer.</summary>
public sealed class FileStep : Step
{
    private IReadOnlyList<Step>? inputs;

    /// <summary>What is changed; null: scratch.</summary>
    public Step? Root { get; init; }

    public required IReadOnlyList<FileAction> Actions { get; init; }

    public override IReadOnlyList<Step> Inputs => inputs ??= Collect();

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(PlaceOf(Root));
        foreach (var action in Actions)
        {
            writer.Add(action.GetType().Name);
            if (action is CopyAction copy)
                writer.Add(PlaceOf(copy.From));
            action.Define(writer);
        }
    }

    private List<Step> Collect()
    {
        List<Step?> all = [Root];
        foreach (var action in Actions)
            all.Add((action as CopyAction)?.From);
        return Distinct(all);
    }
}
