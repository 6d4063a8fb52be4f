using System.Globalization;

namespace Naru.Cli;

/// <summary>How many positionals a command takes, with Docker's words for the wrong number.</summary>
internal sealed record ArgumentCount(int Least, int Most)
{
    public static ArgumentCount None { get; } = new(0, 0);

    public static ArgumentCount Any { get; } = new(0, int.MaxValue);

    public static ArgumentCount Exactly(int count) => new(count, count);

    /// <summary>Refuses with cobra's own short sentence instead of Docker's.</summary>
    public bool Bare { get; init; }

    public static ArgumentCount AtLeast(int count) => new(count, int.MaxValue);

    public static ArgumentCount AtMost(int count) => new(0, count);

    /// <exception cref="ExitException">Too few or too many.</exception>
    public void Check(Command command, int count)
    {
        if (count >= Least && count <= Most)
            return;
        var path = command.Path;
        if (Bare)
            throw new ExitException(1, $"accepts {Least} arg(s), received {count.ToString(CultureInfo.InvariantCulture)}");
        var help = "Run";
        string says;
        if (Most == 0)
        {
            says = "accepts no arguments";
        }
        else if (Least == Most)
        {
            says = $"requires {Plural(Least)}";
        }
        else if (Most == int.MaxValue)
        {
            (says, help) = ($"requires at least {Plural(Least)}", "See");
        }
        else
        {
            says = Least == 0 ? $"requires at most {Plural(Most)}" : $"requires at least {Least} and at most {Plural(Most)}";
        }

        throw new ExitException(1, $"{Cli.ProgramName}: '{path}' {says}\n\nUsage:  {command.UseLine}\n\n{help} '{path} --help' for more information");
    }

    private static string Plural(int count) => count.ToString(CultureInfo.InvariantCulture) + (count == 1 ? " argument" : " arguments");
}
