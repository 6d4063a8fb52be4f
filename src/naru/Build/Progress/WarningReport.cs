using System.Text;

namespace Naru.Cli.Build.Progress;

/// <summary>After a build: its warnings again, together; with what they are about where that was asked for.</summary>
internal static class WarningReport
{
    private const string Yellow = "\x1b[33m", Plain = "\x1b[0m";

    public static void Write(BuildTrace trace, bool whole, Action<string> write)
    {
        if (trace.Warnings.Count == 0)
            return;
        var text = new StringBuilder("\n ").Append(Yellow).Append(trace.Warnings.Count).Append(trace.Warnings.Count == 1 ? " warning found" : " warnings found");
        text.Append(whole ? ":\n" : $" (use {Cli.ProgramName} --debug to expand):\n").Append(Plain);
        foreach (var warning in trace.Warnings)
        {
            text.Append(" - ").Append(warning.Short.ToStringUtf8()).Append('\n');
            if (!whole)
                continue;
            foreach (var detail in warning.Detail)
                text.Append(detail.ToStringUtf8()).Append('\n');
            if (warning.Url.Length > 0)
                text.Append("More info: ").Append(warning.Url).Append('\n');
            SourceExcerpt.Write(text, warning.Info, warning.Ranges);
            text.Append('\n');
        }

        write(text.ToString());
    }
}
