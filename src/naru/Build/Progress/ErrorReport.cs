namespace Naru.Cli.Build.Progress;

/// <summary>After the progress: for each step that failed, its name and its last lines between two rules.</summary>
internal static class ErrorReport
{
    private const string Rule = "------\n";

    public static void Write(BuildTrace trace, Action<string> write)
    {
        foreach (var step in trace.Begun)
        {
            if (!step.Failed)
                continue;
            write($"{Rule} > {step.Name}:\n");
            foreach (var line in step.LastLines)
                write($"{line.Time}{line.Text}\n");
            write(Rule);
        }
    }
}
