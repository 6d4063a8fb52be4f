using System.Text;

namespace Naru.Cli.Build.Progress;

/// <summary>One vertex of the build as its user sees it. Times in nanoseconds since 1970; 0 is none.</summary>
internal sealed class Step(string name)
{
    /// <summary>How many of the last lines are kept for the error's report.</summary>
    private const int KeptLines = 10;

    private readonly StringBuilder partial = new();
    private string partialTime = "";

    /// <summary>Its number in the plain output, in the order in which steps are shown; 0 before.</summary>
    public int Index { get; set; }

    public string Name { get; set; } = name;

    /// <summary>When it began last; a step begins twice when the cache is asked first.</summary>
    public long Started { get; set; }

    public long Completed { get; set; }

    /// <summary>Time in earlier runs of the same step.</summary>
    public long Before { get; set; }

    public bool Cached { get; set; }

    public string Error { get; set; } = "";

    public bool Running => Started != 0 && Completed == 0;

    public bool Canceled => Error.EndsWith("context canceled", StringComparison.Ordinal);

    public bool Failed => Error.Length > 0 && !Canceled;

    public List<StepStatus> Statuses { get; } = [];

    /// <summary>Lines to print about the step that are not its output: warnings.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Whole lines of output that were not printed yet.</summary>
    public List<LogLine> Pending { get; } = [];

    /// <summary>The last whole lines of output.</summary>
    public List<LogLine> LastLines { get; } = [];

    /// <summary>The line that has not ended yet; a step that shows how far it is writes it again and again.</summary>
    public string OpenLine => partial.ToString();

    /// <summary>How much happened since another step was shown: the printer picks the busiest.</summary>
    public int Activity { get; set; }

    /// <summary>When the printer last turned to or from it.</summary>
    public long ShownAt { get; set; }

    /// <summary>Something is to be printed.</summary>
    public bool Changed { get; set; }

    /// <summary>How long it has run, or took, in its last run.</summary>
    public long Duration(long now) => Started == 0 ? 0 : (Completed == 0 ? now : Completed) - Started;

    /// <summary>Takes output, line by line.</summary>
    public void AddOutput(string text, long timestamp)
    {
        var time = Started == 0 ? "" : ((timestamp - Started) / 1e9).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) + " ";
        while (true)
        {
            if (partial.Length == 0)
                partialTime = time;
            var end = text.IndexOf('\n');
            if (end < 0)
            {
                partial.Append(text);
                return;
            }

            partial.Append(text, 0, end);
            EndLine();
            text = text[(end + 1)..];
        }
    }

    /// <summary>The step has ended: what it wrote without a line's end is a line as well.</summary>
    public void EndOutput()
    {
        if (partial.Length > 0)
            EndLine();
    }

    private void EndLine()
    {
        var line = new LogLine(partialTime, partial.ToString());
        partial.Clear();
        Pending.Add(line);
        LastLines.Add(line);
        if (LastLines.Count > KeptLines)
            LastLines.RemoveAt(0);
    }
}
