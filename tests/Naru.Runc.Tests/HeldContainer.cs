using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>A container of naru-runc that sleeps until this is disposed.</summary>
public sealed class HeldContainer : IDisposable
{
    public HeldContainer(string id, Action<JsonNode>? change = null)
    {
        Id = id;
        Bundle = new Bundle("sleep", "600");
        if (change is not null)
        {
            Bundle.Change(change);
        }
        // a shell opens its outputs on files: the container keeps them, and nobody waits for their end
        var started = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {Bundle.State} run -d {id} </dev/null >{Bundle.At}/out 2>&1"], folder: Bundle.At);
        Assert.True(started.Code == 0, File.ReadAllText(Bundle.Folder["out"]));
    }

    public string Id { get; }

    public Bundle Bundle { get; }

    public Result Run(params string[] words) => Bundle.Runtime(Programs.NaruRunc, words);

    public string Must(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Code == 0, result.ToString());
        return result.Out;
    }

    /// <summary>exec of a process file: the container's own process with this script and these changes.</summary>
    public Result RunProcess(string script, Action<JsonNode> change)
    {
        var process = JsonNode.Parse(File.ReadAllText(Bundle.Folder["config.json"]))!["process"]!;
        process["args"] = new JsonArray("sh", "-c", script);
        change(process);
        File.WriteAllText(Bundle.Folder["process.json"], process.ToJsonString());
        return Run("exec", "--process", "process.json", Id);
    }

    public string Status() => JsonNode.Parse(Must("state", Id))!["status"]!.GetValue<string>();

    public void Dispose()
    {
        Run("delete", "--force", Id);
        Bundle.Dispose();
    }
}
