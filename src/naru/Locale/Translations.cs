using System.Reflection;
using System.Text;

namespace Naru.Cli.Locale;

/// <summary>The help in the reader's language: LC_ALL, LC_MESSAGES or LANG, as gettext reads them. Without a translation the English stays.</summary>
/// <remarks>One file a language, embedded: a line of English, a tab, the translation; \n stands for a line's end, \t for a tab, {0} for the program's name or a value.</remarks>
internal static class Translations
{
    private static readonly Lazy<Dictionary<string, string>?> Table = new(Load);

    public static string Of(string english) => Table.Value is { } table && table.TryGetValue(english, out var translated) ? translated : english;

    /// <summary>All that has a translation.</summary>
    public static IReadOnlyCollection<string> Translated(string language) => Read(language)?.Keys ?? (IReadOnlyCollection<string>)[];

    /// <summary>The text in that language; itself without a translation.</summary>
    public static string In(string language, string english) => Read(language)?.GetValueOrDefault(english) ?? english;

    private static string Plain(string text) => text.Replace("\\n", "\n").Replace("\\t", "\t");

    private static string Language()
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                return value;
        }

        return "";
    }

    private static Dictionary<string, string>? Load()
    {
        var language = Language();
        if (!(language == "ko" || language.StartsWith("ko_", StringComparison.Ordinal) || language.StartsWith("ko.", StringComparison.Ordinal)))
            return null;
        return Read("ko");
    }

    private static Dictionary<string, string>? Read(string language)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(language);
        if (file is null)
            return null;
        var table = new Dictionary<string, string>();
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t');
            if (tab > 0)
                table[Plain(line[..tab])] = Plain(line[(tab + 1)..]);
        }

        return table;
    }
}
