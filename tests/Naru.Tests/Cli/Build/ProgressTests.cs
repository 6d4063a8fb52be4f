using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Cli.Build.Progress;
using Naru.Rpc.BuildKit;

namespace Naru.Tests.Cli.Build;

public sealed class ProgressTests
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly StringBuilder written = new();
    private readonly BuildTrace trace = new();

    private static Timestamp At(double seconds) => Timestamp.FromDateTime(Begin.AddSeconds(seconds));

    private static Vertex Step(string name, double? from = null, double? to = null, bool cached = false, string error = "")
    {
        var vertex = new Vertex { Digest = "sha256:" + name, Name = name, Cached = cached, Error = error };
        if (from is { } start)
            vertex.Started = At(start);
        if (to is { } end)
            vertex.Completed = At(end);
        return vertex;
    }

    private static VertexLog Log(string name, double at, string text) => new() { Vertex = "sha256:" + name, Timestamp = At(at), Msg = ByteString.CopyFromUtf8(text), Stream = 1 };

    private PlainDisplay Plain() => new(trace, text => written.Append(text));

    [Fact]
    public void A_step_is_printed_with_its_parts_its_output_and_its_time()
    {
        var display = Plain();
        display.Update(new StatusResponse { Vertexes = { Step("[1/1] RUN x", 0) } });
        display.Update(new StatusResponse { Logs = { Log("[1/1] RUN x", 0.25, "one\ntw") } });
        display.Refresh();
        display.Update(new StatusResponse { Logs = { Log("[1/1] RUN x", 1.5, "o\nlast") } });
        display.Update(new StatusResponse { Statuses = { new VertexStatus { ID = "extracting", Vertex = "sha256:[1/1] RUN x", Current = 1_980_000, Total = 2_000_000, Timestamp = At(1), Started = At(0.5), Completed = At(1) } } });
        display.Update(new StatusResponse { Vertexes = { Step("[1/1] RUN x", 0, 2) } });
        display.Finish(failed: false);
        Assert.Equal("#1 [1/1] RUN x\n#1 0.250 one\n#1 extracting 1.98MB / 2.00MB 0.5s done\n#1 0.250 two\n#1 1.500 last\n#1 DONE 2.0s\n", written.ToString());
    }

    [Fact]
    public void Steps_get_their_numbers_as_they_are_shown()
    {
        var display = Plain();
        display.Update(new StatusResponse { Vertexes = { Step("c"), Step("b", 0, 1), Step("a", 0, 0.5, cached: true) } });
        display.Refresh();
        Assert.Equal("#1 a\n#1 CACHED\n\n#2 b\n#2 DONE 1.0s\n", written.ToString());
    }

    [Fact]
    public void A_failure_is_reported_again_in_the_end_with_the_last_lines()
    {
        var display = Plain();
        display.Update(new StatusResponse { Vertexes = { Step("run", 0) } });
        display.Update(new StatusResponse { Logs = { Log("run", 0.1, string.Concat(Enumerable.Range(1, 12).Select(line => $"l{line}\n"))) } });
        display.Update(new StatusResponse { Vertexes = { Step("run", 0, 1, error: "exit code: 3"), Step("other", 0, 1, error: "context canceled") } });
        display.Finish(failed: true);
        var text = written.ToString();
        Assert.Contains("#1 ERROR: exit code: 3\n", text);
        Assert.Contains("#2 CANCELED\n", text);
        Assert.EndsWith("------\n > run:\n0.100 l3\n0.100 l4\n0.100 l5\n0.100 l6\n0.100 l7\n0.100 l8\n0.100 l9\n0.100 l10\n0.100 l11\n0.100 l12\n------\n", text);
    }

    [Fact]
    public void Warnings_stand_at_their_step_and_again_together()
    {
        var display = Plain();
        display.Update(new StatusResponse { Vertexes = { Step("load", 0) }, Warnings = { new VertexWarning { Vertex = "sha256:load", Short = ByteString.CopyFromUtf8("StageNameCasing: bad (line 1)") } } });
        display.Refresh();
        Assert.Equal("#1 load\n#1 WARN: StageNameCasing: bad (line 1)\n", written.ToString());
        written.Clear();
        WarningReport.Write(trace, whole: false, text => written.Append(text));
        Assert.Equal("\n \x1b[33m1 warning found (use naru --debug to expand):\n\x1b[0m - StageNameCasing: bad (line 1)\n", written.ToString());
    }

    [Fact]
    public void Raw_json_has_what_buildx_has()
    {
        var display = new RawJsonDisplay(text => written.Append(text), trace);
        display.Update(new StatusResponse { Vertexes = { Step("a", 0, 1.5, cached: true) }, Logs = { Log("a", 1, "x\n") } });
        Assert.Equal("{\"vertexes\":[{\"digest\":\"sha256:a\",\"name\":\"a\",\"started\":\"2026-01-01T00:00:00Z\",\"completed\":\"2026-01-01T00:00:01.5Z\",\"cached\":true}],\"logs\":[{\"vertex\":\"sha256:a\",\"stream\":1,\"data\":\"eAo=\",\"timestamp\":\"2026-01-01T00:00:01Z\"}]}\n", written.ToString());
    }

    [Fact]
    public void A_terminal_shows_a_line_a_step_and_a_window_of_output()
    {
        var display = new TerminalDisplay(trace, text => written.Append(text), () => (24, 40), colours: false);
        display.Update(new StatusResponse { Vertexes = { Step("[1/2] FROM base", 0, 1, cached: true), Step("[2/2] RUN x", 1) }, Logs = { Log("[2/2] RUN x", 2, string.Concat(Enumerable.Range(1, 9).Select(line => $"\x1b[31mline {line}\x1b[0m\n"))) } });
        display.Refresh();
        var lines = written.ToString().Split('\n');
        Assert.StartsWith("\x1b[?25l[+] Building", lines[0]);
        Assert.EndsWith("docker:default", lines[0]);
        Assert.Equal(" => CACHED [1/2] FROM base          1.0s", lines[1]);
        Assert.StartsWith(" => [2/2] RUN x ", lines[2]);
        Assert.Equal([4, 5, 6, 7, 8, 9], lines[3..9].Select(line => int.Parse(line.Trim()[^1..])));
        Assert.All(lines[1..9], line => Assert.Equal(40, line.Length));
    }

    [Fact]
    public void A_terminal_too_low_shows_what_runs()
    {
        var display = new TerminalDisplay(trace, text => written.Append(text), () => (6, 40), colours: false);
        var all = new StatusResponse();
        for (var at = 0; at < 10; at++)
            all.Vertexes.Add(Step($"step {at}", at, at + 1));
        all.Vertexes.Add(Step("running", 10));
        display.Update(all);
        display.Refresh();
        var lines = written.ToString().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Contains("step 7", lines[1]);
        Assert.Contains("running", lines[4]);
    }

    [Theory]
    [InlineData("a\x1b[1;31mb\x1b[0mc", "abc")]
    [InlineData("\x1b]0;title\ax", "x")]
    [InlineData("10%\r50%\r", "50%")]
    [InlineData("a\tb\u0007", "a       b")]
    public void Output_cannot_move_the_cursor(string line, string plain) => Assert.Equal(plain, TerminalText.Plain(line));

    [Fact]
    public void Hangul_takes_two_columns() => Assert.Equal("가나 ", TerminalText.Fit("가나다", 5));

    [Theory]
    [InlineData(999, "999B")]
    [InlineData(1000, "1.00kB")]
    [InlineData(1_980_000, "1.98MB")]
    public void Sizes_have_two_decimals(long bytes, string text) => Assert.Equal(text, SizeText.Of(bytes));
}
