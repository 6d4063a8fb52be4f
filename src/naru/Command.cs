namespace Naru.Cli;

/// <summary>One command as it is built when it is chosen: its words, its flags, what it does.</summary>
/// <param name="use">The verb and its arguments: "run [OPTIONS] IMAGE [COMMAND] [ARG...]".</param>
/// <param name="summary">What it does, in one line (English; the help translates it).</param>
internal sealed class Command(string use, string summary)
{
    public string Use { get; } = use;

    public string Summary { get; } = summary;

    /// <summary>What it does, at length; the help page begins with it.</summary>
    public string Description { get; init; } = summary;

    /// <summary>In no list of commands.</summary>
    public bool Hidden { get; init; }

    /// <summary>All the ways to call it, without the program's name: "container run", "run".</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public FlagSet Flags { get; init; } = new();

    public ArgumentCount Arguments { get; init; } = ArgumentCount.Any;

    /// <summary>What it does with its positionals; returns the exit code. Set after the flags were made.</summary>
    public Func<CliContext, IReadOnlyList<string>, int> Run { get; set; } = static (_, _) => 0;

    /// <summary>The words before the verb as it was called: "" or "container".</summary>
    public string Group { get; set; } = "";

    public string Verb => Use.Split(' ', 2)[0];

    /// <summary>The program, the group and the verb.</summary>
    public string Path => (Cli.ProgramName + " " + Group).TrimEnd() + " " + Verb;

    public string UseLine => (Cli.ProgramName + " " + Group).TrimEnd() + " " + Use.Replace("{0}", Cli.ProgramName);
}
