using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>A container that is created and not started: what its first process holds, and what ends it.</summary>
public sealed class StartGateTests : IDisposable
{
    private readonly string _id = $"ncg-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("sh", "-c", "ls /proc/self/fd | tr '\\n' ' '; cat <&3; trap 'echo caught' USR1; kill -USR1 $$");

    public void Dispose()
    {
        _bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        _bundle.Dispose();
    }

    [ChainFact]
    public void It_holds_nothing_of_the_callers_and_the_runtimes()
    {
        Create("7</etc/passwd 8>>/dev/null 9</");
        var held = Command.Must("sh", "-c", $"for f in /proc/{Pid()}/fd/*; do readlink $f; done").Split('\n');
        // null, out and out are its streams
        string[] expected = [$"{_bundle.State}/{_id}/exec.fifo", "/dev/null", $"{_bundle.At}/out", $"{_bundle.At}/out", "anon_inode:[signalfd]"];
        Assert.Equal(expected.Order(), held.Order());
    }

    [ChainFact]
    public void It_keeps_what_is_preserved_for_the_program()
    {
        File.WriteAllText(_bundle.Folder["given"], "given\n");
        Create($"3<{_bundle.Folder["given"]} 4</etc/passwd", "--preserve-fds", "1");
        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "start", _id).Code);
        Await("stopped");
        // (ls has a descriptor of its own, and the signals are as ever)
        Assert.Equal("0 1 2 3 4 given\ncaught\n", File.ReadAllText(_bundle.Folder["out"]));
    }

    [ChainTheory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("QUIT")]
    [InlineData("ABRT")]
    [InlineData("SYS")]
    public void A_signal_that_ends_programs_ends_it(string signal)
    {
        foreach (var own in new[] { true, false })
        {
            if (!own)
            {
                _bundle.Change(spec => spec.NoNamespace("pid"));
            }
            Create("");
            Assert.Equal(new(0, "", ""), _bundle.Runtime(Programs.NaruRunc, "kill", _id, signal));
            Await("stopped");
            Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "delete", _id).Code);
        }
    }

    [ChainFact]
    public void Other_signals_are_nothing_to_it()
    {
        Create("3</dev/null", "--preserve-fds", "1");
        foreach (var signal in new[] { "USR1", "USR2", "PIPE", "ALRM", "CHLD", "CONT", "WINCH", "XCPU", "34" })
        {
            Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "kill", _id, signal).Code);
        }
        Assert.Equal("created", Status());
        Assert.Equal(0, _bundle.Runtime(Programs.NaruRunc, "start", _id).Code);
        Await("stopped");
        Assert.EndsWith("caught\n", File.ReadAllText(_bundle.Folder["out"]));
    }

    /// <param name="descriptors">What the caller's shell has open.</param>
    private void Create(string descriptors, params string[] flags)
    {
        var created = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {_bundle.State} create {string.Join(' ', flags)} {_id} </dev/null >{_bundle.At}/out 2>&1 {descriptors}"], folder: _bundle.At);
        Assert.True(created.Code == 0, File.ReadAllText(_bundle.Folder["out"]));
        Assert.Equal("created", Status());
    }

    private JsonNode State() => JsonNode.Parse(_bundle.Runtime(Programs.NaruRunc, "state", _id).Out)!;

    private string Status() => State()["status"]!.GetValue<string>();

    private int Pid() => State()["pid"]!.GetValue<int>();

    private void Await(string status) => Command.Until(() => Status() == status, $"the container to be {status}");
}
