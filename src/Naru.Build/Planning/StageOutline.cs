using Naru.Build.Dockerfile;

namespace Naru.Build.Planning;

/// <summary>The parameters that a stage takes, as they are found while it is planned.</summary>
internal sealed class StageOutline
{
    /// <summary>Every ARG in scope, by name.</summary>
    public Dictionary<string, OutlineArgument> Known { get; private init; } = [];

    public HashSet<string> Used { get; private init; } = [];

    public Dictionary<string, OutlineItem> Secrets { get; private init; } = [];

    public Dictionary<string, OutlineItem> Ssh { get; private init; } = [];

    public StageOutline Clone() => new() { Known = new(Known), Used = [.. Used], Secrets = new(Secrets), Ssh = new(Ssh) };

    /// <summary>Marks variables as used, and those that their values are made of.</summary>
    public void Use(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Used.Add(name) && Known.TryGetValue(name, out var argument))
                Use(argument.MadeOf);
        }
    }
}

/// <param name="MadeOf">Variables in its default.</param>
internal sealed record OutlineArgument(string Name, string Description, string Value, LineRange Lines, IReadOnlyList<string> MadeOf);

internal sealed record OutlineItem(string Name, bool Required, LineRange Lines);
