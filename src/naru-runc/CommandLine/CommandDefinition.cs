namespace Naru.Runc.CommandLine;

/// <summary>A command: how it is told what to do, what its help says, and what does it. The one description that parsing, help and errors are made from.</summary>
internal sealed record CommandDefinition(string Name, string Summary, Func<Invocation, int> Run)
{
    public const int AnyNumber = int.MaxValue;

    /// <summary>The help's words for what follows the flags; null: «[arguments...]».</summary>
    public string? Words { get; init; } = "<container-id>";

    /// <summary>Lines under the usage line.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Lines of the help's DESCRIPTION; empty: there is none.</summary>
    public string Description { get; init; } = "";

    public IReadOnlyList<Flag> Flags { get; init; } = [];

    /// <summary>How many arguments there must be at least.</summary>
    public int Least { get; init; } = 1;

    public int Most { get; init; } = 1;

    /// <summary>True: what follows the first argument is not the command's to read, flags of its own names included.</summary>
    public bool FlagsComeFirst { get; init; }
}
