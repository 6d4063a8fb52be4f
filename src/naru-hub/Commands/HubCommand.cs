using Naru.Base;
using Naru.Base.Flags;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands;

/// <summary>One verb of the command line.</summary>
internal abstract class HubCommand
{
    /// <summary>Its words: <c>serve</c>, <c>user add</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What comes after its words and flags: <c>NAME</c>; empty for nothing.</summary>
    public virtual string Arguments => "";

    /// <summary>One line that says what it does.</summary>
    public abstract string Summary { get; }

    public abstract HubFlags Flags { get; }

    /// <summary>Does it; the exit code.</summary>
    /// <exception cref="NaruException">With what is wrong.</exception>
    protected abstract Task<int> Run(IReadOnlyList<string> arguments);

    /// <summary>How many arguments there may be.</summary>
    protected virtual (int Least, int Most) Count => Arguments.Length == 0 ? (0, 0) : (1, 1);

    public async Task<int> Execute(IReadOnlyList<string> words)
    {
        List<string> arguments;
        try
        {
            arguments = Flags.Parse(words);
        }
        catch (NaruException e)
        {
            throw NaruException.Invalid($"{e.Message}\nSee 'naru-hub {Name} --help'.");
        }

        if (Flags.All.HelpWanted)
        {
            await Console.Out.WriteLineAsync($"\nUsage:  naru-hub {Name} [OPTIONS]{(Arguments.Length == 0 ? "" : " " + Arguments)}\n\n{Summary}\n\nOptions:\n{FlagUsages.Format(Flags.All.All, 80).TrimEnd()}");
            return 0;
        }

        if (arguments.Count < Count.Least || arguments.Count > Count.Most)
        {
            var wanted = Count.Most == 0 ? "accepts no arguments" : Count.Least == Count.Most ? $"requires {Count.Least} argument{(Count.Least == 1 ? "" : "s")}"
                : $"requires {Count.Least} to {Count.Most} arguments";
            throw NaruException.Invalid($"\"naru-hub {Name}\" {wanted}.\nSee 'naru-hub {Name} --help'.");
        }

        return await Run(arguments);
    }
}
