using System.Text;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Logs;

namespace Naru.Tests.Engine;

public sealed class JsonLogTests : IDisposable
{
    private static readonly LogQuery All = new(true, true, false, -1, null, null, false);
    private readonly string folder = Directory.CreateTempSubdirectory("naru-log-").FullName;

    private string LogPath => Path.Combine(folder, "x-json.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Rotation_keeps_whole_lines_and_as_many_files_as_asked()
    {
        using var log = new JsonLogFile(LogPath, new LogOptions(1000, 3, Compress: false));
        Write(log, 200);
        Assert.Equal(3, Directory.GetFiles(folder).Length);
        Assert.All(Directory.GetFiles(folder), file => Assert.InRange(new FileInfo(file).Length, 1, 1100));
        var lines = await Read(log, All);
        Assert.Equal(Enumerable.Range(200 - lines.Count, lines.Count).Select(i => $"line {i}\n"), lines);
    }

    [Fact]
    public async Task A_file_that_was_compressed_is_read_like_any_other()
    {
        using var log = new JsonLogFile(LogPath, new LogOptions(1000, 5, Compress: true));
        Write(log, 60);
        log.End();
        for (var wait = 0; wait < 200 && !File.Exists(LogPath + ".1.gz"); wait++)
            await Task.Delay(10);
        Assert.True(File.Exists(LogPath + ".2.gz"));
        var lines = await Read(log, All);
        Assert.Equal(Enumerable.Range(60 - lines.Count, lines.Count).Select(i => $"line {i}\n"), lines);
        Assert.True(lines.Count > 30);
        Assert.Equal(["line 58\n", "line 59\n"], await Read(log, All with { Tail = 2 }));
        Assert.Equal(Enumerable.Range(40, 20).Select(i => $"line {i}\n"), await Read(log, All with { Tail = 20 }));
    }

    [Fact]
    public async Task Who_follows_over_a_rotation_gets_every_line()
    {
        using var log = new JsonLogFile(LogPath, new LogOptions(2000, 10, Compress: false));
        log.Begin();
        var reading = Read(log, All with { Follow = true });
        for (var i = 0; i < 150; i++)
        {
            log.Write(LogSource.Stdout, Encoding.UTF8.GetBytes($"line {i}\n"), DateTime.UtcNow);
            if (i % 10 == 0)
                await Task.Delay(1);
        }

        log.End();
        Assert.Equal(Enumerable.Range(0, 150).Select(i => $"line {i}\n"), await reading.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Labels_go_with_each_line_and_do_not_hide_its_time()
    {
        var config = new ContainerConfig { Labels = new() { ["l"] = "\"time\":\"x\"", ["other"] = "no" }, Env = ["E=1"] };
        var options = new LogConfig { Type = "json-file", Config = new() { ["labels"] = "l", ["env-regex"] = "^E$", ["tag"] = "{{.Name}}" } };
        using var log = new JsonLogFile(LogPath, LogOptions.Parse(options), LogOptions.Extra(options, new string('a', 64), "box", "sha256:" + new string('b', 64), config));
        Write(log, 1);
        Assert.Equal("E=1,l=%22time%22%3A%22x%22,tag=box", log.Details);
        Assert.Contains("\"attrs\":{\"E\":\"1\",\"l\":\"\\\"time\\\":\\\"x\\\"\",\"tag\":\"box\"},\"time\":\"", File.ReadAllText(LogPath));
        Assert.Equal(["line 0\n"], await Read(log, All));
    }

    [Theory]
    [InlineData("json-file", "max-size", "x", "failed to create task for container: failed to initialize logging driver: invalid size: 'x'")]
    [InlineData("json-file", "max-file", "0", "failed to create task for container: failed to initialize logging driver: max-file cannot be less than 1")]
    [InlineData("json-file", "no", "1", "unknown log opt 'no' for json-file log driver")]
    [InlineData("local", "no", "1", "unknown log opt 'no' for log driver local")]
    [InlineData("json-file", "mode", "fast", "logger: logging mode not supported: fast")]
    [InlineData("json-file", "max-buffer-size", "1m", "logger: max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData("syslog", "no", "1", "error looking up logging plugin syslog: plugin \"syslog\" not found")]
    public void What_a_driver_does_not_know_is_refused_in_Dockers_words(string driver, string name, string value, string words) =>
        Assert.Equal(words, Assert.Throws<NaruException>(() => LogOptions.Check(new LogConfig { Type = driver, Config = new() { [name] = value } })).Message);

    private static void Write(JsonLogFile log, int count)
    {
        log.Begin();
        for (var i = 0; i < count; i++)
            log.Write(LogSource.Stdout, Encoding.UTF8.GetBytes($"line {i}\n"), DateTime.UtcNow);
    }

    private static async Task<List<string>> Read(JsonLogFile log, LogQuery query)
    {
        List<string> lines = [];
        await foreach (var entry in new JsonLogReader(log).Read(query, CancellationToken.None))
            lines.Add(Encoding.UTF8.GetString(entry.Text.Span));
        return lines;
    }
}
