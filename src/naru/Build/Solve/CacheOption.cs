using Naru.Base.Flags;

namespace Naru.Cli.Build.Solve;

/// <summary>One --cache-from or --cache-to: a kind and its attributes.</summary>
internal sealed record CacheOption(string Type, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>"type=registry,ref=NAME", or a bare image name for a registry's cache.</summary>
    /// <exception cref="NaruException">A malformed value.</exception>
    public static CacheOption Parse(string text)
    {
        var fields = CommaSeparated.Split(text);
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Count == 1 && !fields[0].Contains('='))
        {
            attributes["ref"] = fields[0];
            return new CacheOption("registry", attributes);
        }

        var type = "";
        foreach (var field in fields)
        {
            var equals = field.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"invalid value {field}");
            var (key, value) = (field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
            if (key == "type")
                type = value;
            else
                attributes[key] = value;
        }

        return type.Length > 0 ? new CacheOption(type, attributes) : throw NaruException.Invalid($"type required form> {GoText.Quote(text)}");
    }
}
