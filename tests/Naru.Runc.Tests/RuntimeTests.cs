using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>naru-runc alone, by the command line that runc has.</summary>
public sealed class RuntimeTests
{
    private readonly string _id = $"nct-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void Run_prints_and_passes_the_exit_code_on()
    {
        using var bundle = new Bundle("sh", "-c", "echo hello; echo trouble >&2; exit 7");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(new(7, "hello\n", "trouble\n"), result);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact]
    public void A_container_lives_from_create_to_delete()
    {
        using var bundle = new Bundle("sleep", "60");
        Assert.Equal(0, Detached(bundle, "create", _id));
        Assert.Equal("created", Status(bundle));
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "start", _id).Code);
        Assert.Equal("running", Status(bundle));
        Assert.Equal(new(3, "exec\n", ""), bundle.Runtime(Programs.NaruRunc, "exec", _id, "sh", "-c", "echo exec; exit 3"));
        Assert.Contains(_id, bundle.Runtime(Programs.NaruRunc, "list", "-q").Out);
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "kill", _id, "KILL").Code);
        Command.Until(() => Status(bundle) == "stopped", "the container to stop");
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "delete", _id).Code);
        Assert.NotEqual(0, bundle.Runtime(Programs.NaruRunc, "state", _id).Code);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact]
    public void A_command_that_is_not_there_is_named_and_leaves_nothing()
    {
        using var bundle = new Bundle("no-such-command");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.NotEqual(0, result.Code);
        Assert.Contains("no-such-command", result.Error);
        Assert.Contains("executable file not found in $PATH", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact]
    public void A_container_sees_itself_alone()
    {
        using var bundle = new Bundle("sh", "-c", "echo $$; set -- /proc/[0-9]*; echo $#; hostname; ls /proc/self/fd | wc -l");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        // the one process is sh, which starts nothing to look; 0, 1, 2 and the folder that ls reads
        Assert.Equal(["1", "1", "runc", "4"], result.Out.TrimEnd().Split('\n'));
    }

    [ChainFact("runc")]
    public void State_says_what_that_of_runc_says()
    {
        using var bundle = new Bundle("sleep", "60");
        var ours = Keys(bundle, Programs.NaruRunc);
        var theirs = Keys(bundle, Programs.Original("runc"));
        Assert.Equal(theirs, ours);
    }

    private int Detached(Bundle bundle, params string[] arguments) =>
        // a shell opens its outputs on /dev/null: the container keeps them, and the test must not wait for their end
        Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {bundle.State} {string.Join(' ', arguments)} </dev/null >{bundle.At}/out 2>&1"], folder: bundle.At).Code;

    private string Status(Bundle bundle) =>
        JsonNode.Parse(bundle.Runtime(Programs.NaruRunc, "state", _id).Out)!["status"]!.GetValue<string>();

    private string[] Keys(Bundle bundle, string runtime)
    {
        Command.Must("sh", "-c", $"cd {bundle.At} && exec {runtime} --root {bundle.State} create {_id} </dev/null >out 2>&1");
        try
        {
            return [.. JsonNode.Parse(bundle.Runtime(runtime, "state", _id).Out)!.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        }
        finally
        {
            bundle.Runtime(runtime, "delete", "--force", _id);
        }
    }
}
