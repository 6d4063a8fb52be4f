using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>A container that writes one number after the other to a file of the host's.</summary>
public sealed class CountingContainer : IDisposable
{
    private readonly string _id;
    private readonly bool _pipes;

    public CountingContainer(string id, string script = "i=0; while :; do i=$((i+1)); echo $i >>/out/count; sleep 0.05; done", bool pipes = false, bool start = true)
    {
        (_id, _pipes) = (id, pipes);
        Bundle = new Bundle("sh", "-c", script);
        Directory.CreateDirectory(Bundle.Folder["out"]);
        Bundle.Change(spec => spec.Bind("/out", "out", "rw"));
        if (start)
            Start();
    }

    public Bundle Bundle { get; }

    public string Images => Bundle.Folder["images"];

    public void Start()
    {
        var runtime = $"{Programs.NaruRunc} --root {Bundle.State} run";
        Command.Run("sh", ["-c", _pipes ? $"(({runtime} {_id} </dev/null 2>&1 >&3 3>&- | cat >errors) 3>&1 | cat >said) >/dev/null 2>&1 &" : $"exec {runtime} -d {_id} </dev/null >/dev/null 2>&1"], folder: Bundle.At);
        Command.Until(() => Count() > 1, "the container's first numbers");
    }

    public Result Run(params string[] words) => Bundle.Runtime(Programs.NaruRunc, words);

    public string Must(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Code == 0, result.ToString());
        return result.Out;
    }

    /// <summary>Detached, on the null device as it was before.</summary>
    public void Restore(params string[] flags)
    {
        string[] words = flags.Length > 0 ? flags : ["--image-path", Images];
        var result = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {Bundle.State} restore -d {string.Join(' ', words)} {_id} </dev/null >restored 2>&1"], folder: Bundle.At);
        Assert.True(result.Code == 0, File.ReadAllText(Bundle.Folder["restored"]));
    }

    public string Status() => JsonNode.Parse(Must("state", _id))!["status"]!.GetValue<string>();

    public int Count() => File.Exists(Bundle.Folder["out/count"]) ? File.ReadAllText(Bundle.Folder["out/count"]).Count(letter => letter == '\n') : 0;

    public IEnumerable<int> Numbers() => File.ReadAllLines(Bundle.Folder["out/count"]).Select(int.Parse);

    public void AwaitMoreThan(int count) => Command.Until(() => Count() > count, $"number {count}");

    public void Dispose()
    {
        Run("delete", "--force", _id);
        Bundle.Dispose();
    }
}
