using System.Text;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Progress;

/// <summary>Progress on a terminal, written over itself: a line a step with its time, the last lines of output under those that run.</summary>
/// <param name="size">Rows and columns, asked each time: the window may change.</param>
internal sealed class TerminalDisplay(BuildTrace trace, Action<string> write, Func<(int Rows, int Columns)> size, bool colours) : IProgressDisplay
{
    /// <summary>Lines of output under a running step.</summary>
    private const int WindowHeight = 6;

    private const string Where = "docker:default", HideCursor = "\x1b[?25l", ShowCursor = "\x1b[?25h", ClearBelow = "\x1b[J";

    private readonly List<Line> lines = [];
    private readonly StringBuilder screen = new();
    private int shown;
    private int shownColumns;

    private enum Look
    {
        Plain,
        Done,
        Failed,
        Canceled,
        Output,
    }

    /// <summary>One line to show; the less it matters, the sooner it gives way when there are too many.</summary>
    private sealed record Line(string Text, string Time, Look Look, int Weight);

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    public void Update(StatusResponse status) => trace.Update(status, Now);

    public void Refresh() => Draw(finished: false);

    public void Finish(bool failed)
    {
        Draw(finished: true);
        ErrorReport.Write(trace, write);
        if (!failed && BuildSummary.Text(trace) is { Length: > 0 } summary)
            write(summary);
    }

    private void Draw(bool finished)
    {
        var (rows, columns) = size();
        if (rows <= 0 || columns <= 0)
            (rows, columns) = (24, 80);
        var now = Now - trace.Ahead;
        lines.Clear();
        foreach (var step in trace.Begun)
            Add(step, now);
        if (!finished)
            Shorten(rows - 2);
        screen.Clear().Append(HideCursor);
        if (shown > 0)
            screen.Append($"\x1b[{Math.Min(Rewound(columns), rows - 1)}A\r");
        Put(Head(now, finished), "", Look.Plain, columns);
        foreach (var line in lines)
            Put(line.Text, line.Time, line.Look, columns);
        screen.Append(ClearBelow).Append(ShowCursor);
        write(screen.ToString());
        (shown, shownColumns) = (lines.Count + 1, columns);
    }

    /// <summary>How many rows the last picture takes now: in a narrower window its lines are broken.</summary>
    private int Rewound(int columns) => columns >= shownColumns ? shown : shown * ((shownColumns + columns - 1) / columns);

    private string Head(long now, bool finished)
    {
        var time = trace.Started == 0 ? 0 : now - trace.Started;
        return $"[+] Building {SizeText.Seconds(time)} ({trace.Completed}/{trace.Steps.Count}){(finished && trace.Completed == trace.Steps.Count ? " FINISHED" : "")}";
    }

    private void Add(Step step, long now)
    {
        var look = step.Canceled ? Look.Canceled : step.Failed ? Look.Failed : step.Completed != 0 ? Look.Done : Look.Plain;
        var prefix = look == Look.Failed ? "ERROR " : look == Look.Canceled ? "CANCELED " : step.Cached ? "CACHED " : "";
        var weight = look == Look.Plain ? 3 : look == Look.Done ? 1 : 2;
        lines.Add(new Line($" => {prefix}{TerminalText.Plain(step.Name)}", SizeText.Seconds(step.Before + step.Duration(now)), look, weight));
        foreach (var status in step.Statuses)
        {
            var took = status.Started == 0 ? 0 : (status.Completed != 0 ? status.Completed : now) - status.Started;
            lines.Add(new Line($" => => {TerminalText.Plain(status.Id)} {SizeText.Progress(status)}".TrimEnd(), SizeText.Seconds(took), status.Completed != 0 ? Look.Done : look, status.Completed != 0 ? 0 : 2));
        }

        foreach (var text in step.Events)
            lines.Add(new Line($" => => {TerminalText.Plain(text)}", "", Look.Canceled, 1));
        step.Pending.Clear();
        if (look != Look.Plain)
            return;
        var open = TerminalText.Plain(step.OpenLine);
        for (var at = Math.Max(0, step.LastLines.Count - (open.Length > 0 ? WindowHeight - 1 : WindowHeight)); at < step.LastLines.Count; at++)
            lines.Add(new Line($" => => # {TerminalText.Plain(step.LastLines[at].Text)}", "", Look.Output, 2));
        if (open.Length > 0)
            lines.Add(new Line($" => => # {open}", "", Look.Output, 2));
    }

    /// <summary>Leaves out what matters least, oldest first, until the rest fits.</summary>
    private void Shorten(int most)
    {
        for (var weight = 0; weight < 3 && lines.Count > most; weight++)
        {
            var gone = lines.Count - most;
            var limit = weight;
            lines.RemoveAll(line => line.Weight == limit && gone-- > 0);
        }

        if (lines.Count > most)
            lines.RemoveRange(0, lines.Count - Math.Max(0, most));
    }

    private void Put(string text, string time, Look look, int columns)
    {
        var colour = !colours ? "" : look switch
        {
            Look.Done => "\x1b[34m",
            Look.Failed => "\x1b[31m",
            Look.Canceled => "\x1b[33m",
            Look.Output => "\x1b[2m",
            _ => "",
        };
        if (lines.Count == 0 || text.StartsWith('['))
            time = columns > text.Length + Where.Length ? Where : "";
        var room = columns - time.Length;
        screen.Append(colour).Append(TerminalText.Fit(text, Math.Max(0, time.Length > 0 ? room - 1 : room))).Append(time.Length > 0 ? " " : "").Append(time);
        screen.Append(colour.Length > 0 ? "\x1b[0m" : "").Append('\n');
    }
}
