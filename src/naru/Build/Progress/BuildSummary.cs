using System.Text;
using Naru.Cli.Locale;

namespace Naru.Cli.Build.Progress;

/// <summary>What a finished build says in the end: how much of it came from the cache, and what took the time.</summary>
internal static class BuildSummary
{
    private const long Tenth = 100_000_000;
    private const int Most = 3;

    /// <summary>Empty for a build without steps.</summary>
    public static string Text(BuildTrace trace)
    {
        var (steps, cached) = (0, 0);
        var slow = new List<Step>();
        foreach (var step in trace.Begun)
        {
            // Only the Dockerfile's own steps are counted: [stage 2/5] COPY …
            if (step.Name.StartsWith('[') && !step.Name.StartsWith("[internal]", StringComparison.Ordinal))
            {
                steps++;
                cached += step.Cached ? 1 : 0;
            }

            if (step.Duration(0) + step.Before >= Tenth && step.Completed != 0)
                slow.Add(step);
        }

        if (steps == 0)
            return "";
        slow.Sort((a, b) => (b.Duration(0) + b.Before).CompareTo(a.Duration(0) + a.Before));
        var text = new StringBuilder("\n ").Append(Translations.Of("{0} of {1} steps cached").Replace("{0}", cached.ToString()).Replace("{1}", steps.ToString())).Append('\n');
        for (var at = 0; at < Math.Min(Most, slow.Count); at++)
            text.Append("  ").Append(SizeText.Seconds(slow[at].Duration(0) + slow[at].Before).PadLeft(7)).Append("  ").Append(TerminalText.Plain(slow[at].Name)).Append('\n');
        return text.ToString();
    }
}
