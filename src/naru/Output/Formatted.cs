using System.Text.RegularExpressions;
using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>One value printed by a template.</summary>
internal static partial class Formatted
{
    /// <exception cref="ExitException">The template does not parse (64) or does not fit (1).</exception>
    /// <param name="name">What the command's template is called in errors.</param>
    /// <param name="type">Docker's type of the data, which errors show.</param>
    public static void Print(string format, object? data, string name = "", string type = "") => Streams.OutLine(Text(format, data, name, type));

    /// <summary>What <see cref="Print"/> prints, without the line's end.</summary>
    public static string Text(string format, object? data, string name = "", string type = "")
    {
        GoTemplate template;
        try
        {
            template = GoTemplate.Parse(format, name);
        }
        catch (TemplateException e)
        {
            throw new ExitException(64, $"template parsing error: {e.Message}");
        }

        try
        {
            return template.Execute(data);
        }
        catch (TemplateException e)
        {
            Streams.OutText("\n");
            throw new ExitException(1, type.Length > 0 ? Unknown().Replace(e.Message, $"can't evaluate field $1 in type {type}") : e.Message);
        }
    }

    [GeneratedRegex("map has no entry for key \"(.*)\"")]
    private static partial Regex Unknown();
}
