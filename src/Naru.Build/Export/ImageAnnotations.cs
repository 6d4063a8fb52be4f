using Naru.Base;
using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>What <c>--annotation</c> says, by the document that it is for and, where told, the platform.</summary>
internal sealed class ImageAnnotations
{
    private readonly List<Annotation> all = [];

    /// <summary>Some are for an index.</summary>
    public bool HasIndex => all.Exists(one => one.Type is "index" or "index-descriptor");

    /// <summary>Takes <c>annotation.KEY</c>, <c>annotation-TYPE.KEY</c>, <c>annotation-TYPE[PLATFORM].KEY</c>.</summary>
    /// <returns>False: the attribute is none of these.</returns>
    /// <exception cref="NaruException">InvalidArgument: an unknown type or platform.</exception>
    public bool TryAdd(string attribute, string value)
    {
        const string Word = "annotation";
        if (!attribute.StartsWith(Word, StringComparison.Ordinal))
            return false;
        if (attribute.StartsWith(Word + ".", StringComparison.Ordinal))
        {
            all.Add(new Annotation("manifest", null, attribute[(Word.Length + 1)..], value));
            return true;
        }

        if (attribute.Length <= Word.Length || attribute[Word.Length] is not ('-' or '['))
            return false;
        var rest = attribute[Word.Length..].TrimStart('-');
        var open = rest.IndexOf('[');
        var dot = rest.IndexOf('.');
        Platform? platform = null;
        var type = rest[..Math.Max(dot, 0)];
        if (open >= 0 && open < dot)
        {
            var close = rest.IndexOf("].", StringComparison.Ordinal);
            if (close < 0)
                throw NaruException.Invalid($"invalid annotation {GoText.Quote(attribute)}");
            platform = Platform.Parse(rest[(open + 1)..close]).Normalise();
            type = open == 0 ? "manifest" : rest[..open];
            dot = close + 1;
        }

        if (type is not ("manifest" or "index" or "manifest-descriptor" or "index-descriptor"))
            throw NaruException.Invalid($"unknown annotation type {GoText.Quote(type)}");
        all.Add(new Annotation(type, platform, rest[(dot + 1)..], value));
        return true;
    }

    /// <summary>Those for one document; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Of(string type, Platform? platform)
    {
        SortedDictionary<string, string>? found = null;
        foreach (var one in all)
        {
            if (one.Type == type && (one.Platform is null || one.Platform == platform?.Normalise()))
                (found ??= new SortedDictionary<string, string>(StringComparer.Ordinal))[one.Key] = one.Value;
        }

        return found;
    }

    private sealed record Annotation(string Type, Platform? Platform, string Key, string Value);
}
