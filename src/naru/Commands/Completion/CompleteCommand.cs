using Naru.Cli.Config;
using Naru.Cli.Locale;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Completion;

/// <summary>`__complete WORD...`: what the last word may become. The scripts of `completion` call it.</summary>
internal static class CompleteCommand
{
    private const string Files = ":0", NoFiles = ":4";

    public static int Run(IReadOnlyList<string> words, bool meanings)
    {
        var partial = words.Count > 0 ? words[^1] : "";
        var globals = new GlobalFlags();
        List<string> before;
        try
        {
            before = globals.Flags.Parse([.. words.Take(Math.Max(0, words.Count - 1))]);
        }
        catch (FlagException)
        {
            // The word is a global flag's value.
            Streams.OutText(Files + "\n");
            return 0;
        }

        var found = Candidates(before, partial, globals, out var files);
        foreach (var (word, meaning) in found.Where(pair => pair.Word.StartsWith(partial, StringComparison.Ordinal)))
            Streams.OutLine(meanings && meaning.Length > 0 ? $"{word}\t{Translations.Of(meaning).Split('\n')[0]}" : word);
        Streams.OutLine(files ? Files : NoFiles);
        return 0;
    }

    private static IEnumerable<(string Word, string Meaning)> Candidates(List<string> before, string partial, GlobalFlags globals, out bool files)
    {
        files = false;
        if (before.Count == 0)
            return partial.StartsWith('-') ? Flags(globals.Flags) : CommandTable.Groups.Select(group => (group, CommandTable.GroupSummary(group))).Concat(CommandTable.Common.Concat(CommandTable.Others).Select(verb => (verb, CommandTable.Top(verb)!.Summary)));
        var name = before[0];
        if (CommandTable.Groups.Contains(name))
        {
            if (before.Count == 1)
                return CommandTable.Verbs(name).Select(verb => (verb, CommandTable.Sub(name, verb)!.Summary));
            return CommandTable.Sub(name, before[1]) is { } sub ? Arguments(sub, name, before.GetRange(2, before.Count - 2), partial, globals, out files) : [];
        }

        return CommandTable.Top(name) is { } command ? Arguments(command, "", before.GetRange(1, before.Count - 1), partial, globals, out files) : [];
    }

    private static IEnumerable<(string, string)> Arguments(Command command, string group, List<string> given, string partial, GlobalFlags globals, out bool files)
    {
        files = true;
        List<string> positionals;
        try
        {
            positionals = command.Flags.Parse(given);
        }
        catch (FlagException)
        {
            return []; // The word is a flag's value.
        }

        if (partial.StartsWith('-') && (command.Flags.Interspersed || positionals.Count == 0))
            return Flags(command.Flags);
        var names = Names(group, command.Verb, positionals.Count, globals);
        files = names is null;
        return (names ?? []).Except(positionals).Select(name => (name, ""));
    }

    private static IEnumerable<(string, string)> Flags(FlagSet flags) =>
        flags.All.Where(flag => !flag.Hidden).OrderBy(flag => flag.Name, StringComparer.Ordinal).Select(flag => ("--" + flag.Name, flag.Usage));

    /// <summary>What the positional of that place may name; null: nothing that the engine knows.</summary>
    private static IEnumerable<string>? Names(string group, string verb, int place, GlobalFlags globals)
    {
        try
        {
            return (group, verb, place) switch
            {
                ("context", "use" or "rm" or "inspect" or "export" or "update", _) => new ContextStore(globals.ConfigPath).List().Select(context => context.Name).Append(ContextStore.Default),
                ("volume", "inspect" or "rm", _) => Engine().Get("/volumes", ApiJson.Default.VolumeListResponse).Volumes?.Select(volume => volume.Name) ?? [],
                ("network", "connect" or "disconnect", > 0) => Containers(all: true),
                ("network", "inspect" or "rm" or "connect" or "disconnect", _) => Engine().Get("/networks", ApiJson.Default.IReadOnlyListNetworkResource).Select(network => network.Name),
                ("image", "inspect" or "rm", _) or (_, "rmi" or "save", _) or (_, "run" or "create" or "push" or "tag" or "history", 0) => Images(),
                ("", "inspect", _) => Containers(all: true).Concat(Images()),
                (_, "exec" or "attach" or "top" or "port", 0) => Containers(all: false),
                (_, "stop" or "kill" or "restart" or "pause" or "unpause" or "wait" or "stats", _) => Containers(all: false),
                (_, "start" or "rm" or "update", _) or ("container", "inspect", _) => Containers(all: true),
                (_, "logs" or "diff" or "export" or "rename" or "commit", 0) => Containers(all: true),
                (_, "ps" or "ls" or "images" or "info" or "version" or "events" or "prune" or "df" or "show" or "exec" or "attach" or "top", _) => [],
                _ => null,
            };
        }
        catch (Exception e) when (e is EngineException or NaruException or ExitException or IOException)
        {
            return []; // No engine: nothing to offer, and no place to say so.
        }

        EngineClient Engine() => Endpoint.Connect(globals, ConfigFile.Load(globals.ConfigPath));

        IEnumerable<string> Containers(bool all) =>
            Engine().Get(all ? "/containers/json?all=1" : "/containers/json", ApiJson.Default.IReadOnlyListContainerSummary).SelectMany(container => container.Names ?? []).Select(container => container.TrimStart('/'));

        IEnumerable<string> Images() =>
            Engine().Get("/images/json", ApiJson.Default.IReadOnlyListImageSummary).SelectMany(image => image.RepoTags ?? []).Where(tag => tag != "<none>:<none>");
    }
}
