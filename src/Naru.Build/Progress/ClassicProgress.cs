using System.Globalization;
using System.Text;
using Naru.Build.Dockerfile;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>Tells a build as Docker's classic builder did: instruction after instruction, whatever the order in which their steps end.</summary>
/// <remarks>
/// <code>
/// Step 2/3 : RUN echo hi
///  ---> Running in 0f3c…
/// hi
///  ---> Removed intermediate container 0f3c…
///  ---> 5a1b…
/// </code>
/// There are no images between the steps: the short numbers are of the steps' digests.
/// </remarks>
public sealed class ClassicProgress(ProgressOutput output)
{
    private readonly Dictionary<int, Told> byLine = [];
    private readonly Dictionary<Digest, Told> byStep = [];
    private readonly List<Line> lines = [];
    private DockerfileDocument? document;
    private bool begun;
    private int next;

    private sealed class Told(Digest step)
    {
        public Digest Step { get; } = step;

        public StepChanged? State { get; set; }

        public List<string> Said { get; } = [];

        public bool Opened { get; set; }

        public bool Running { get; set; }
    }

    private sealed record Line(int Start, string Text, bool IsRun);

    /// <summary>Nothing is told before the Dockerfile was read.</summary>
    public void Read(DockerfileDocument read)
    {
        lock (lines)
            document = read;
    }

    public void Take(BuildEvent one)
    {
        lock (lines)
        {
            switch (one)
            {
                case StepChanged { Lines: { } place } changed:
                    Know(changed, place.Start);
                    break;
                case StepOutput said when byStep.TryGetValue(said.Step, out var told):
                    told.Said.Add(Encoding.UTF8.GetString(said.Data));
                    break;
                case BuildWarning warning:
                    output.Print($" [Warning] {warning.Short}\n");
                    return;
                default:
                    return;
            }

            Advance();
        }
    }

    /// <summary>All steps are done: says what is left to say.</summary>
    public void Finish()
    {
        lock (lines)
        {
            Begin();
            Advance();
        }
    }

    private void Know(StepChanged changed, int line)
    {
        if (!byStep.TryGetValue(changed.Step, out var told))
            byStep[changed.Step] = told = new Told(changed.Step);
        told.State = changed;
        byLine[line] = told;
        if (changed.Started is not null)
            Begin();
    }

    /// <summary>By the first step that starts all are known: stages that have none of them are not built.</summary>
    private void Begin()
    {
        if (begun || document is null)
            return;
        begun = true;
        foreach (var stage in document.Stages)
        {
            List<Line> own = [new Line(stage.From.Lines.Start, stage.From.Text, IsRun: false)];
            foreach (var instruction in stage.Instructions)
                own.Add(new Line(instruction.Lines.Start, instruction.Text, instruction.Word == "RUN"));
            if (own.Exists(line => byLine.ContainsKey(line.Start)) || document.Stages.Count == 1)
                lines.AddRange(own);
        }
    }

    private void Advance()
    {
        for (; begun && next < lines.Count; next++)
        {
            var line = lines[next];
            var told = byLine.GetValueOrDefault(line.Start);
            if (told is null)
            {
                Open(line);
                Say($" ---> {Short(Digest.Of(Encoding.UTF8.GetBytes(line.Text)))}\n");
                continue;
            }

            if (!told.Opened)
                Open(line);
            told.Opened = true;
            if (line.IsRun && !told.Running && told.State is { Started: not null, Cached: false })
            {
                told.Running = true;
                Say($" ---> Running in {Short(told.Step)}\n");
            }

            foreach (var said in told.Said)
                Say(said);
            told.Said.Clear();
            if (told.State?.Completed is null || told.State.Error.Length > 0)
                return;
            if (told.State.Cached && line.Start != lines[0].Start)
                Say(" ---> Using cache\n");
            else if (line.IsRun)
                Say($" ---> Removed intermediate container {Short(told.Step)}\n");
            Say($" ---> {Short(told.Step)}\n");
        }
    }

    private void Open(Line line) => Say(string.Create(CultureInfo.InvariantCulture, $"Step {next + 1}/{lines.Count} : {line.Text}\n"));

    private void Say(string text) => output.Print(text);

    private static string Short(Digest digest) => digest.Hex[..12];
}
