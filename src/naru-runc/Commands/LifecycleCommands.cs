using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>The commands that take a container's id and little else.</summary>
internal static class LifecycleCommands
{
    private const string Named = "Where \"<container-id>\" is the name of the container.";

    public static CommandDefinition Start { get; } = new("start", "executes the user defined process in a created container", invocation => Done(() =>
        invocation.Runtime.Start(invocation.Arguments.Rest[0])))
    {
        Explanation = Named,
        Description = "The first process of a container that create has made goes on to the program that\nthe bundle asks for.",
    };

    public static CommandDefinition State { get; } = new("state", "output the state of a container", invocation => Done(() =>
        Files.WriteStandard(1, ContainerRuntime.StateText(invocation.Runtime.State(invocation.Arguments.Rest[0])))))
    {
        Explanation = Named,
        Description = "The state is printed as JSON.",
    };

    public static CommandDefinition Kill { get; } = new("kill", "kill sends the specified signal (default: SIGTERM) to the container's init process", invocation => Done(() =>
        invocation.Runtime.Kill(invocation.Arguments.Rest[0], SignalOf(invocation), invocation.Arguments.Has("all"))))
    {
        Words = "<container-id> [signal]",
        Explanation = """
            Where "<container-id>" is the name of the container and "[signal]" a signal, by
            its name or its number.

            EXAMPLE:
            To end the first process of the container "ubuntu01":

                   # naru-runc kill ubuntu01 KILL
            """,
        Flags = [new("all", FlagKind.Switch, "send the signal to all processes of the container") { Alias = "a", Hidden = true }],
        Most = 2,
    };

    public static CommandDefinition Delete { get; } = new("delete", "delete any resources held by the container often used with detached container", invocation => Done(() =>
        invocation.Runtime.Delete(invocation.Arguments.Rest[0], invocation.Arguments.Has("force"))))
    {
        Explanation = $"""
            {Named}

            EXAMPLE:
            To remove the container "ubuntu01", which the list shows as stopped:

                   # naru-runc delete ubuntu01
            """,
        Flags = [new("force", FlagKind.Switch, "Forcibly deletes the container if it is still running (uses SIGKILL)") { Alias = "f" }],
    };

    public static CommandDefinition Pause { get; } = new("pause", "pause suspends all processes inside the container", invocation => Done(() =>
        invocation.Runtime.Pause(invocation.Arguments.Rest[0])))
    {
        Explanation = Named,
        Description = "All processes of the container stop where they are, until resume.",
    };

    public static CommandDefinition Resume { get; } = new("resume", "resumes all processes that have been previously paused", invocation => Done(() =>
        invocation.Runtime.Resume(invocation.Arguments.Rest[0])))
    {
        Explanation = Named,
        Description = "All processes of the container go on.",
    };

    private static int SignalOf(Invocation invocation)
    {
        var words = invocation.Arguments.Rest;
        try
        {
            return Signals.Parse(words.Count == 2 && words[1].Length > 0 ? words[1] : "SIGTERM");
        }
        catch (NaruException)
        {
            // Where there is no such container either, that is the error.
            invocation.Runtime.State(words[0]);
            throw;
        }
    }

    private static int Done(Action action)
    {
        action();
        return 0;
    }
}
