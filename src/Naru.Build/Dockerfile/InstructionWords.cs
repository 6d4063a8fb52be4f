using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>An instruction cut up by its own rules: the word, the flags, the arguments; not yet checked.</summary>
internal sealed class InstructionWords
{
    private InstructionWords(string word, List<string> flags, string rest)
    {
        Word = word;
        Flags = flags;
        Rest = rest;
    }

    /// <summary>As written.</summary>
    public string Word { get; }

    /// <summary>What begins with <c>--</c> before the arguments, without its quotes.</summary>
    public IReadOnlyList<string> Flags { get; }

    /// <summary>All after the flags.</summary>
    public string Rest { get; }

    public List<string> Arguments { get; private set; } = [];

    /// <summary>Of ENV and LABEL.</summary>
    public List<KeyValue> Pairs { get; } = [];

    /// <summary>The arguments were a JSON array.</summary>
    public bool IsJson { get; private set; }

    /// <summary>COPY, ADD and RUN (also after ONBUILD), unless the arguments are a JSON array.</summary>
    public bool TakesHeredocs { get; private set; }

    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static InstructionWords Read(string line, char escape)
    {
        var trimmed = line.Trim();
        var end = trimmed.AsSpan().IndexOfAny("\t\v\f\r ");
        var word = end < 0 ? trimmed : trimmed[..end];
        var rest = end < 0 ? "" : trimmed[end..].TrimStart('\t', '\v', '\f', '\r', ' ');
        var flags = new List<string>();
        var words = new InstructionWords(word, flags, rest[FlagWords.Read(rest, flags)..].Trim());
        words.Cut(escape);
        return words;
    }

    private void Cut(char escape)
    {
        switch (Word.ToLowerInvariant())
        {
            case "add" or "copy":
                CutJsonOr(Blanks);
                TakesHeredocs = !IsJson;
                break;
            case "volume":
                CutJsonOr(Blanks);
                break;
            case "run":
                CutJsonOr(Whole);
                TakesHeredocs = !IsJson;
                break;
            case "cmd" or "entrypoint" or "shell":
                CutJsonOr(Whole);
                break;
            case "expose" or "from":
                Arguments = Blanks(Rest);
                break;
            case "maintainer" or "stopsignal" or "user" or "workdir":
                Arguments = Whole(Rest);
                break;
            case "arg":
                Arguments = QuotedWords.Split(Rest, escape);
                break;
            case "env" or "label":
                CutPairs(escape);
                break;
            case "healthcheck":
                CutHealthcheck();
                break;
            case "onbuild" when Rest.Length > 0:
                // ONBUILD ONBUILD is refused later; however many there are, none is cut here.
                if (Blanks(Rest)[0].Equals("onbuild", StringComparison.OrdinalIgnoreCase))
                {
                    Arguments = ["ONBUILD"];
                    break;
                }

                // What follows must be cuttable too; the image keeps it as text.
                var inner = Read(Rest, escape);
                Arguments = [inner.Word, .. inner.Arguments];
                TakesHeredocs = inner.TakesHeredocs;
                break;
        }
    }

    private void CutJsonOr(Func<string, List<string>> otherwise)
    {
        if (TryJson(Rest) is { } array)
        {
            Arguments = array;
            IsJson = true;
        }
        else
        {
            Arguments = otherwise(Rest);
        }
    }

    private void CutPairs(char escape)
    {
        var words = QuotedWords.Split(Rest, escape);
        if (words.Count == 0)
            return;
        if (!words[0].Contains('='))
        {
            var name = Blanks(Rest)[0];
            var value = Rest[name.Length..].TrimStart('\t', '\v', '\f', '\r', ' ');
            if (value.Length == 0)
                throw NaruException.Invalid($"{Word.ToUpperInvariant()} must have two arguments");
            Pairs.Add(new KeyValue(name, value, true));
            return;
        }

        foreach (var word in words)
        {
            var equals = word.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"Syntax error - can't find = in {GoText.Quote(word)}. Must be of the form: name=value");
            Pairs.Add(new KeyValue(word[..equals], word[(equals + 1)..], false));
        }
    }

    private void CutHealthcheck()
    {
        var end = 0;
        while (end < Rest.Length && !char.IsWhiteSpace(Rest[end]))
            end++;
        if (end == 0)
            return;
        var command = Rest[end..].TrimStart();
        var array = TryJson(command);
        IsJson = array is not null;
        Arguments = [Rest[..end], .. array ?? Whole(command)];
    }

    private static List<string> Whole(string rest) => rest.Length == 0 ? [] : [rest];

    private static List<string> Blanks(string rest) => [.. rest.Split(['\t', '\v', '\f', '\r', ' '], StringSplitOptions.RemoveEmptyEntries)];

    /// <returns>Null: not a JSON array at all.</returns>
    /// <exception cref="NaruException">InvalidArgument: an array of something else than strings.</exception>
    private static List<string>? TryJson(string text)
    {
        if (!text.StartsWith('['))
            return null;
        var values = new List<string>();
        var onlyStrings = true;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1)
                    continue;
                if (reader.TokenType == JsonTokenType.String)
                    values.Add(reader.GetString()!);
                else
                    onlyStrings = false;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }

        return onlyStrings ? values : throw NaruException.Invalid("when using JSON array syntax, arrays must be comprised of strings only");
    }
}
