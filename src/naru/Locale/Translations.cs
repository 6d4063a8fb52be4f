using System.Reflection;
using System.Text;

namespace Naru.Cli.Locale;

/// <summary>The help in the reader's language: LC_ALL, LC_MESSAGES or LANG, as gettext reads them. Without a translation the English stays.</summary>
/// <remarks>One file a language, embedded: a line of English, a tab, the translation; \n stands for a line's end.</remarks>
internal static class Translations
{
    private static readonly Lazy<Dictionary<string, string>?> Table = new(Load);

    public static string Of(string english) => Table.Value is { } table && table.TryGetValue(english, out var translated) ? translated : english;

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
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("ko");
        if (file is null)
            return null;
        var table = new Dictionary<string, string>();
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t');
            if (tab > 0)
                table[line[..tab].Replace("\\n", "\n")] = line[(tab + 1)..].Replace("\\n", "\n");
        }

        return table;
    }
}
