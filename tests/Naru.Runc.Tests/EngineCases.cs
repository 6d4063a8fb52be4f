using System.Text.RegularExpressions;

namespace Naru.Runc.Tests;

/// <summary>The snippets of tests/compare/engine.cases, told to one engine with two runtimes.</summary>
public static partial class EngineCases
{
    /// <summary>By name, in the order of the file.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Read();

    public static void Compare(Dockerd dockerd, string name)
    {
        var theirs = Said(dockerd, "runc", All[name]);
        var ours = Said(dockerd, "naru", All[name]);
        Assert.True(theirs == ours, $"{name}:\n--- runc\n{theirs}\n--- naru-runc\n{ours}");
    }

    private static string Said(Dockerd dockerd, string runtime, string snippet)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dockerd.Folder, "snippets")).FullName;
        const string status = "{{.State.Status}}";
        var script = $$"""
            exec 2>&1; export DOCKER_HOST={{dockerd.Host}} LC_ALL=C COLUMNS=120 NAME=nce-{{Guid.NewGuid():N}}; NAME=${NAME:0:16}
            docker() { local verb=$1 network="--network none"; [[ " $* " == *" --network "* ]] && network=; case $1 in run|create) shift; command docker $verb --runtime {{runtime}} $network "$@";; *) command docker "$@";; esac; }; export -f docker
            wait_for() { for _ in $(seq 200); do [ "$(command docker inspect -f '{{status}}' $2)" = $1 ] && return; sleep 0.05; done; echo "$2 is not $1"; }
            {{snippet}}
            """;
        var result = Command.Run("bash", ["-c", script], "", folder: folder);
        return $"{Normal(result.Out)}exit {result.Code}";
    }

    /// <summary>What differs from one container to the next, and a runtime's name.</summary>
    private static string Normal(string text)
    {
        foreach (var (pattern, word) in Varying)
            text = pattern.Replace(text, word);
        return text;
    }

    private static readonly (Regex Pattern, string Word)[] Varying = [(Id(), "<id>"), (Name(), "<name>"), (Pid(), "<pid>"), (Task(), "failed to create task for container"), (Runtime(), "runc"), (Where(), ""), (Capabilities(), "$1"), (IsFolder(), "$1 permission denied"), (Nul(), ""), (Waiting(), "")];

    private static Dictionary<string, string> Read()
    {
        var (snippets, name) = (new Dictionary<string, string>(), "");
        foreach (var line in File.ReadLines(Path.Combine(Programs.Root, "tests/compare/engine.cases")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                snippets[name = line[4..]] = "";
            else if (name.Length > 0)
                snippets[name] += line + "\n";
        }
        return snippets;
    }

    [GeneratedRegex("[0-9a-f]{64}|(?<=HOSTNAME=|^)[0-9a-f]{12}$", RegexOptions.Multiline)]
    private static partial Regex Id();

    [GeneratedRegex("nce-[0-9a-f]{12}")]
    private static partial Regex Name();

    [GeneratedRegex("(?<=/proc/)[0-9]+(?=/)")]
    private static partial Regex Pid();

    [GeneratedRegex("failed to create shim( task)?")]
    private static partial Regex Task();

    [GeneratedRegex("naru-runc")]
    private static partial Regex Runtime();

    // What runc has said in other words since 1.2, as naru-runc does.
    [GeneratedRegex("error during container init: ")]
    private static partial Regex Where();

    [GeneratedRegex("(unable to apply caps: )can't apply capabilities: ")]
    private static partial Regex Capabilities();

    [GeneratedRegex("(exec: \"[^\"]+\":) is a directory")]
    private static partial Regex IsFolder();

    [GeneratedRegex(@"\^@|\x00")]
    private static partial Regex Nul();

    // The client gives up its wait for a container that did not start, and sometimes is quick enough to say so.
    [GeneratedRegex("^time=.*error waiting for container: context canceled.*\n", RegexOptions.Multiline)]
    private static partial Regex Waiting();
}
