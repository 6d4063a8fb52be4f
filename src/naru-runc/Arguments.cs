namespace Naru.Runc;

/// <summary>A command line by runc's rules: flags with one or two dashes, ended by the first word that is none.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = [];

    private Arguments(IReadOnlyList<string> rest) => Rest = rest;

    /// <summary>What follows the flags.</summary>
    public IReadOnlyList<string> Rest { get; private set; }

    /// <param name="flags">«name» or «name,n» of each flag; a trailing «=» marks one that takes a value.</param>
    /// <exception cref="UsageException">A flag that is not in <paramref name="flags"/>, or a value missing.</exception>
    public static Arguments Parse(IReadOnlyList<string> words, params ReadOnlySpan<string> flags)
    {
        var parsed = new Arguments([]);
        var index = 0;
        while (index < words.Count && words[index].Length > 1 && words[index][0] == '-')
        {
            var word = words[index++];
            if (word == "--")
                break;
            var text = word.TrimStart('-');
            var equals = text.IndexOf('=');
            var (name, takesValue) = Find(equals < 0 ? text : text[..equals], flags);
            string value;
            if (equals >= 0)
                value = text[(equals + 1)..];
            else if (!takesValue)
                value = "true";
            else if (index < words.Count)
                value = words[index++];
            else
                throw new UsageException($"flag needs an argument: {word}");
            if (!parsed._values.TryGetValue(name, out var list))
                parsed._values[name] = list = [];
            list.Add(value);
        }

        parsed.Rest = words.Skip(index).ToList();
        return parsed;
    }

    public bool Has(string name) => _values.TryGetValue(name, out var list) && list[^1] is "true" or "1" or "t" or "T" or "TRUE" or "True";

    public bool IsSet(string name) => _values.ContainsKey(name);

    public string? Value(string name) => _values.TryGetValue(name, out var list) ? list[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var list) ? list : [];

    public int Number(string name) => Value(name) is not { } text ? 0
        : int.TryParse(text, out var number) && number >= 0 ? number : throw new UsageException($"invalid value \"{text}\" for flag -{name}: parse error");

    /// <summary>The container's id, with nothing after it.</summary>
    public string OnlyId(string command)
    {
        if (Rest.Count != 1)
            throw new UsageException($"naru-runc: \"{command}\" requires exactly 1 argument(s)");
        return Rest[0];
    }

    /// <summary>The container's id and what may follow it.</summary>
    public void Require(string command, int minimum, int maximum)
    {
        if (Rest.Count < minimum)
            throw new UsageException($"naru-runc: \"{command}\" requires a minimum of {minimum} argument(s)");
        if (Rest.Count > maximum)
            throw new UsageException($"naru-runc: \"{command}\" requires a maximum of {maximum} argument(s)");
    }

    private static (string Name, bool TakesValue) Find(string name, ReadOnlySpan<string> flags)
    {
        foreach (var flag in flags)
        {
            var names = flag.TrimEnd('=').Split(',');
            if (names.Contains(name))
                return (names[0], flag.EndsWith('='));
        }

        throw new UsageException($"flag provided but not defined: -{name}");
    }
}
