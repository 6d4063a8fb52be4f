using System.Text;
using Naru.Cli.Terminal;

namespace Naru.Cli.Locale;

/// <summary>The help pages, laid out as Docker's.</summary>
internal static class HelpText
{
    private static int Columns => (ConsoleTerminal.Size(0) is { Columns: > 0 } size ? size.Columns : 80) - 1;

    /// <summary>`help [COMMAND...]`.</summary>
    public static int Show(List<string> words, GlobalFlags globals)
    {
        if (words.Count == 0)
        {
            Program(globals, toError: false);
            return 0;
        }

        if (CommandTable.IsGroup(words[0]) && words.Count == 1)
            Group(words[0], toError: false);
        else if (!CommandTable.IsGroup(words[0]) && CommandTable.Top(words[0]) is null)
            throw new ExitException(1, $"unknown help topic: {string.Join(' ', words)}");
        else if (CommandTable.Find(words) is var (command, _))
            Command(command);
        return 0;
    }

    /// <summary>The word of warning that `-h` gets: on stdout for a command's help, on stderr for the program's.</summary>
    public static void Deprecate(bool byLetter, bool toError = false)
    {
        if (byLetter && toError)
            Streams.ErrorLine("Flag shorthand -h has been deprecated, use --help");
        else if (byLetter)
            Streams.OutLine("Flag shorthand -h has been deprecated, use --help");
    }

    public static void Command(Command command)
    {
        var text = new StringBuilder($"{Translations.Of("Usage:")}  {command.UseLine}\n\n{Translated(command.Description, Cli.ProgramName)}\n");
        if (command.Aliases.Count > 0)
            text.Append($"\n{Translations.Of("Aliases:")}\n  {string.Join(", ", command.Aliases.Select(alias => $"{Cli.ProgramName} {alias}"))}\n");
        var flags = FlagUsages.Format(command.Flags.All, Columns, Translations.Of);
        if (flags.Length > 0)
            text.Append($"\n{Translations.Of("Options:")}\n{flags}");
        Streams.OutText(text.ToString());
    }

    public static void Group(string group, bool toError)
    {
        var text = new StringBuilder($"{Translations.Of("Usage:")}  {Cli.ProgramName} {group} COMMAND\n\n{Translated(CommandTable.GroupSummary(group), Cli.ProgramName)}\n\n{Translations.Of("Commands:")}\n");
        foreach (var verb in CommandTable.Verbs(group))
            text.Append("  ").Append(verb.PadRight(11)).Append(' ').Append(Translations.Of(CommandTable.Sub(group, verb)!.Summary)).Append('\n');
        text.Append($"\n{Translated("Run '{0} COMMAND --help' for more information on a command.", $"{Cli.ProgramName} {group}")}\n");
        Write(text, toError);
    }

    public static void Program(GlobalFlags globals, bool toError)
    {
        var text = new StringBuilder($"{Translations.Of("Usage:")}  {Cli.ProgramName} [OPTIONS] COMMAND\n\n{Translations.Of("A self-sufficient runtime for containers")}\n");
        Section("Common Commands:", CommandTable.Common, name => CommandTable.Top(name)!.Summary);
        Section("Management Commands:", CommandTable.Groups, CommandTable.GroupSummary);
        Section("Commands:", CommandTable.Others, name => CommandTable.Top(name)!.Summary);
        text.Append($"\n{Translations.Of("Global Options:")}\n").Append(FlagUsages.Format(globals.Flags.All, Columns, Translations.Of));
        text.Append($"\n{Translated("Run '{0} COMMAND --help' for more information on a command.", Cli.ProgramName)}\n");
        Write(text, toError);

        void Section(string title, string[] names, Func<string, string> summary)
        {
            text.Append($"\n{Translations.Of(title)}\n");
            foreach (var name in names)
                text.Append("  ").Append(name.PadRight(11)).Append(' ').Append(Translations.Of(summary(name))).Append('\n');
        }
    }

    private static string Translated(string english, string value) => Translations.Of(english).Replace("{0}", value);

    private static void Write(StringBuilder text, bool toError)
    {
        if (toError)
            Streams.ErrorText(text.ToString());
        else
            Streams.OutText(text.ToString());
    }
}
