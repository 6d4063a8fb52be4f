using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>naru-runc in the foreground, on a terminal that script(1) gives it.</summary>
public sealed class RuntimeTerminalTests
{
    private readonly string _id = $"nct-{Guid.NewGuid():N}"[..16];

    [ChainFact("script")]
    public void A_run_in_the_foreground_serves_its_terminal()
    {
        using var bundle = new Bundle("sh", "-c", "tty; stty size; read line; echo got $line; exit 7");
        bundle.Change(spec => spec["process"]!["terminal"] = true);
        var said = OnTerminal(bundle, $"stty rows 33 cols 77; stty -a >before; {Runtime(bundle)} run {_id}; echo status $?; stty -a >after", "hello");
        // what is typed is echoed once, by the container's terminal
        Assert.Equal(["/dev/pts/0", "33 77", "hello", "got hello", "status 7"], said);
        Assert.Equal(File.ReadAllText(bundle.Folder["before"]), File.ReadAllText(bundle.Folder["after"]));
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact("script")]
    public void An_exec_in_the_foreground_serves_its_terminal()
    {
        using var held = new HeldContainer(_id);
        var said = OnTerminal(held.Bundle, $"stty rows 20 cols 90; {Runtime(held.Bundle)} exec -t {_id} sh -c 'tty; stty size; read line; echo got $line; exit 3'; echo status $?", "hello");
        Assert.Equal(["/dev/pts/0", "20 90", "hello", "got hello", "status 3"], said);
    }

    [ChainFact("script")]
    public void A_terminal_of_no_size_gets_that_of_the_configuration()
    {
        using var bundle = new Bundle("stty", "size");
        bundle.Change(spec =>
        {
            spec["process"]!["terminal"] = true;
            spec["process"]!["consoleSize"] = new JsonObject { ["width"] = 111, ["height"] = 44 };
        });
        Assert.Equal(["44 111"], OnTerminal(bundle, $"stty rows 0 cols 0; {Runtime(bundle)} run {_id}", ""));
    }

    [ChainFact("script")]
    public void A_terminal_that_changes_its_size_changes_the_containers()
    {
        using var bundle = new Bundle("sh", "-c", "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.1; done");
        bundle.Change(spec => spec["process"]!["terminal"] = true);
        var line = $"T=$(tty); (until grep -q ready typescript; do sleep 0.1; done; stty rows 11 cols 22 <$T) & {Runtime(bundle)} run {_id}";
        Assert.Equal(["ready", "11 22"], OnTerminal(bundle, line, ""));
    }

    [ChainFact("script")]
    public void A_start_that_fails_leaves_the_users_terminal_as_it_was()
    {
        using var bundle = new Bundle("no-such-command");
        bundle.Change(spec => spec["process"]!["terminal"] = true);
        var said = OnTerminal(bundle, $"stty -a >before; {Runtime(bundle)} run {_id} 2>error; echo status $?; stty -a >after", "");
        Assert.Equal(["status 1"], said);
        Assert.Contains("executable file not found in $PATH", File.ReadAllText(bundle.Folder["error"]));
        Assert.Equal(File.ReadAllText(bundle.Folder["before"]), File.ReadAllText(bundle.Folder["after"]));
    }

    [ChainFact("script")]
    public void Much_output_on_a_terminal_arrives_whole()
    {
        using var bundle = new Bundle("sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line-$i; i=$((i+1)); done");
        bundle.Change(spec => spec["process"]!["terminal"] = true);
        var said = OnTerminal(bundle, $"{Runtime(bundle)} run {_id}", "");
        Assert.Equal(Enumerable.Range(0, 20000).Select(number => $"line-{number}"), said);
    }

    [ChainFact("script")]
    public void Much_input_on_a_terminal_arrives_whole()
    {
        using var bundle = new Bundle("sh", "-c", "stty raw -echo; echo ready; head -c 100000 | wc -c");
        bundle.Change(spec => spec["process"]!["terminal"] = true);
        var line = $"(until grep -q ready typescript; do sleep 0.1; done; yes 2>/dev/null | head -c 100000) | {Runtime(bundle)} run {_id}";
        Assert.Equal(["ready", "100000"], OnTerminal(bundle, line, ""));
    }

    [ChainFact("script")]
    public void An_error_on_a_terminal_is_shown_as_logrus_shows_it()
    {
        using var bundle = new Bundle("true");
        var said = OnTerminal(bundle, $"{Runtime(bundle)} state {_id}", "");
        Assert.Equal(["\e[31mERRO\e[0m[0000] container does not exist                     "], said);
    }

    private static string Runtime(Bundle bundle) => $"{Programs.NaruRunc} --root {bundle.State}";

    /// <summary>What a shell's line shows on a terminal, line by line, when these keys are typed.</summary>
    private static string[] OnTerminal(Bundle bundle, string line, string keys)
    {
        File.WriteAllText(bundle.Folder["line"], line);
        // the keys come once the container has said on which terminal it is, and the input stays open until the end
        var feed = (keys.Length > 0 ? $"until grep -q ^/dev/pts typescript; do sleep 0.1; done; echo {keys}; " : "") + "until [ -e done ]; do sleep 0.1; done";
        var result = Command.Run("bash", ["-c", $"({feed}) 2>/dev/null | script -qefc 'bash line; touch done' typescript"], folder: bundle.At);
        return [.. result.Out.Replace("\r", "").Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
