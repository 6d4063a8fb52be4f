using Naru.Base.Flags;
using Naru.Base.Units;

namespace Naru.Runc.CommandLine;

/// <summary>A command line by runc's rules, which are those of Go's flag package: one dash or two, values after a blank or an equals sign.</summary>
internal sealed class Arguments
{
    /// <summary>Every command has it.</summary>
    public static readonly Flag Help = new("help", FlagKind.Switch, "show help") { Alias = "h" };

    private readonly Dictionary<string, List<string>> _values = [];

    private Arguments()
    {
    }

    /// <summary>What follows the flags.</summary>
    public IReadOnlyList<string> Rest { get; private set; } = [];

    /// <param name="flagsComeFirst">False: flags may also come after arguments, up to a «--».</param>
    /// <exception cref="UsageException">A flag that is not in <paramref name="flags"/>, or a value that is missing or of the wrong kind.</exception>
    public static Arguments Parse(IReadOnlyList<string> words, IReadOnlyList<Flag> flags, bool flagsComeFirst)
    {
        var parsed = new Arguments();
        parsed.Read(flagsComeFirst ? words : FlagsFirst(words, flags), flags);
        return parsed;
    }

    public bool Has(string name) => _values.TryGetValue(name, out var list) && SwitchValue(list[^1]) == true;

    public bool IsSet(string name) => _values.ContainsKey(name);

    public string? Value(string name) => _values.TryGetValue(name, out var list) ? list[^1] : null;

    /// <summary>As <see cref="Value"/>; a flag that is empty counts as one that is not there.</summary>
    public string? Text(string name) => Value(name) is { Length: > 0 } text ? text : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var list) ? list : [];

    /// <summary>The number given; null where there is none.</summary>
    public long? Number(string name) => Value(name) is { } text ? FlagValues.Int(text) : null;

    /// <exception cref="UsageException">More or fewer than the command takes.</exception>
    public void CheckCount(CommandDefinition command)
    {
        var program = Environment.GetCommandLineArgs()[0];
        if (command.Least == command.Most && Rest.Count != command.Least)
            throw UsageException.OfArguments($"{program}: \"{command.Name}\" requires exactly {command.Least} argument(s)");
        if (Rest.Count < command.Least)
            throw UsageException.OfArguments($"{program}: \"{command.Name}\" requires a minimum of {command.Least} argument(s)");
        if (Rest.Count > command.Most)
            throw UsageException.OfArguments($"{program}: \"{command.Name}\" requires a maximum of {command.Most} argument(s)");
    }

    /// <summary>The same words, those of known flags in front, each with the word that may be its value.</summary>
    private static List<string> FlagsFirst(IReadOnlyList<string> words, IReadOnlyList<Flag> flags)
    {
        var (front, rest) = (new List<string>(words.Count), new List<string>());
        var mayBeValue = false;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            var isFlag = Find(NameOf(word), flags) is not null;
            if (mayBeValue && !isFlag)
            {
                mayBeValue = false;
                front.Add(word);
            }
            else if (word == "--")
            {
                // All after it are arguments, and so are those before it that are no flags.
                return [.. front, word, .. rest, .. words.Skip(index + 1)];
            }
            else if (isFlag)
            {
                mayBeValue = !word.Contains('=');
                front.Add(word);
            }
            else
            {
                rest.Add(word);
            }
        }

        return [.. front, .. rest];
    }

    private void Read(IReadOnlyList<string> words, IReadOnlyList<Flag> flags)
    {
        var seen = new Dictionary<string, string>();
        var index = 0;
        while (index < words.Count && words[index].Length > 1 && words[index][0] == '-')
        {
            var word = words[index++];
            if (word == "--")
                break;
            var name = NameOf(word).ToString();
            if (name.Length == 0 || name[0] == '-')
                throw UsageException.OfFlag($"bad flag syntax: {word}");
            var flag = Find(name, flags) ?? throw UsageException.OfFlag($"flag provided but not defined: -{name}");
            var equals = word.IndexOf('=');
            var value = equals >= 0 ? word[(equals + 1)..]
                : flag.Kind == FlagKind.Switch ? "true"
                : index < words.Count ? words[index++]
                : throw UsageException.OfFlag($"flag needs an argument: -{name}");
            Check(flag, name, value);
            if (seen.TryGetValue(flag.Name, out var other) && other != name)
                throw UsageException.OfFlag($"Cannot use two forms of the same flag: {flag.Alias} {flag.Name}");
            seen[flag.Name] = name;
            if (!_values.TryGetValue(flag.Name, out var list))
                _values[flag.Name] = list = [];
            list.Add(value);
        }

        Rest = [.. words.Skip(index)];
    }

    private static void Check(Flag flag, string name, string value)
    {
        switch (flag.Kind)
        {
            case FlagKind.Switch when SwitchValue(value) is null:
                throw UsageException.OfFlag($"invalid boolean value \"{value}\" for -{name}: parse error");
            case FlagKind.Number when Trouble(FlagValues.Int, value) is not null:
            case FlagKind.Duration when Trouble(GoDuration.Parse, value) is not null:
                throw UsageException.OfFlag($"invalid value \"{value}\" for flag -{name}: parse error");
            case FlagKind.Numbers when Trouble(FlagValues.Int, value) is { } trouble:
                throw UsageException.OfFlag($"invalid value \"{value}\" for flag -{name}: {trouble}");
        }
    }

    private static string? Trouble(Func<string, long> read, string value)
    {
        try
        {
            read(value);
            return null;
        }
        catch (FlagException failure)
        {
            return failure.Message;
        }
    }

    private static bool? SwitchValue(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    /// <summary>«bundle» of «--bundle=x»; empty where the word is no flag.</summary>
    private static ReadOnlySpan<char> NameOf(string word)
    {
        if (word.Length < 2 || word[0] != '-')
            return "";
        var text = word.AsSpan(word[1] == '-' ? 2 : 1);
        var equals = text.IndexOf('=');
        return equals < 0 ? text : text[..equals];
    }

    private static Flag? Find(ReadOnlySpan<char> name, IReadOnlyList<Flag> flags)
    {
        foreach (var flag in flags)
        {
            if (flag.Is(name))
                return flag;
        }

        return Help.Is(name) ? Help : null;
    }
}
