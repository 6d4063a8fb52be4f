using Naru.Base.Flags;
using Naru.Cli;
using Naru.Cli.Locale;

namespace Naru.Tests.Cli;

public sealed class HelpTests
{
    private static IEnumerable<Command> Commands()
    {
        foreach (var name in CommandTable.Common.Concat(CommandTable.Others))
            yield return CommandTable.Top(name)!;
        foreach (var group in CommandTable.Groups.Concat(CommandTable.HiddenGroups))
        {
            foreach (var verb in CommandTable.Verbs(group))
                yield return CommandTable.Sub(group, verb)!;
        }
    }

    [Fact]
    public void Every_listed_command_exists() => Assert.DoesNotContain(null, Commands());

    [Fact]
    public void Every_command_and_every_option_has_a_Korean_line()
    {
        var known = Translations.Translated("ko");
        var texts = Commands().SelectMany(command => command.Flags.All.Where(flag => !flag.Hidden).Select(flag => flag.Usage).Append(command.Summary).Append(command.Description))
            .Concat(new GlobalFlags().Flags.All.Select(flag => flag.Usage))
            .Concat(CommandTable.Groups.Concat(CommandTable.HiddenGroups).Select(CommandTable.GroupSummary))
            .Concat(["Usage:", "Aliases:", "Options:", "Commands:", "Common Commands:", "Management Commands:", "Global Options:", "(default {0})", "A self-sufficient runtime for containers", "Run '{0} COMMAND --help' for more information on a command."]);
        Assert.Empty(texts.Distinct().Except(known).Select(text => text.Replace("\n", "\\n")));
    }

    [Fact]
    public void Korean_keeps_what_is_typed()
    {
        // An option, a placeholder or an address in the English stands in the Korean as well.
        foreach (var english in Translations.Translated("ko"))
        {
            var korean = Translations.In("ko", english);
            foreach (var word in english.Split([' ', '\n', '\t', '(', ')', ',', '"', '\''], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("--", StringComparison.Ordinal) || word.Contains("{0}") || word.StartsWith("https://", StringComparison.Ordinal)))
                Assert.Contains(word, korean);
        }
    }

    [Fact]
    public void No_two_options_of_a_command_share_a_letter()
    {
        // FlagSet refuses that when the command is made.
        foreach (var command in Commands())
            Assert.All(command.Flags.All, (Flag flag) => Assert.False(string.IsNullOrWhiteSpace(flag.Usage), $"{command.Path} --{flag.Name}"));
    }
}
