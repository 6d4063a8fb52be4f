using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>One value printed by a template.</summary>
internal static class Formatted
{
    /// <exception cref="ExitException">The template does not parse (64) or does not fit (1).</exception>
    public static void Print(string format, object? data)
    {
        GoTemplate template;
        try
        {
            template = GoTemplate.Parse(format);
        }
        catch (TemplateException e)
        {
            throw new ExitException(64, $"template parsing error: {e.Message}");
        }

        try
        {
            Streams.OutLine(template.Execute(data));
        }
        catch (TemplateException e)
        {
            throw new ExitException(1, $"template parsing error: {e.Message}");
        }
    }
}
