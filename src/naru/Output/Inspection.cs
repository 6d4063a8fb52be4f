using System.Text;
using System.Text.Json;
using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>Prints inspected things: the engine's own JSON, indented by four, or through a template each.</summary>
internal static class Inspection
{
    /// <param name="get">Gives one thing's JSON by its name.</param>
    public static int Run(string format, IReadOnlyList<string> names, Func<string, byte[]> get)
    {
        GoTemplate? template = null;
        if (format.Length > 0 && format != "json")
        {
            try
            {
                template = GoTemplate.Parse(format);
            }
            catch (TemplateException e)
            {
                throw new ExitException(64, $"template parsing error: {e.Message}");
            }
        }

        var shown = new List<byte[]>();
        var failures = new List<string>();
        foreach (var name in names)
        {
            try
            {
                shown.Add(get(name));
            }
            catch (Exception e) when (e is EngineException or NaruException)
            {
                failures.Add(e.Message);
            }
        }

        if (template is not null)
        {
            foreach (var json in shown)
                Apply(template, json, failures, format.Contains(".Id", StringComparison.Ordinal));
        }
        else
        {
            Streams.OutText(format == "json" ? $"[{string.Join(',', shown.Select(json => Encoding.UTF8.GetString(json).Trim()))}]\n" : JsonText.IndentList(shown));
        }

        if (failures.Count == 0)
            return 0;
        if (shown.Count == 0 && template is not null)
            Streams.OutText("\n");
        throw new ExitException(1, string.Join('\n', failures));
    }

    /// <param name="untyped">Docker tries its own types first, where the id is called ID; a format that says Id gets the plain JSON, its keys in order.</param>
    private static void Apply(GoTemplate template, byte[] json, List<string> failures, bool untyped)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            Streams.OutLine(template.Execute(JsonValues.From(document.RootElement, "", untyped)));
        }
        catch (TemplateException e)
        {
            Streams.OutText("\n");
            failures.Add($"template parsing error: {e.Message}");
        }
    }
}
