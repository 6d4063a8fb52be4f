using Naru.Linux;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>The commands that take a container's id and little else.</summary>
internal static class LifecycleCommands
{
    public static int Start(Invocation invocation)
    {
        invocation.Runtime.Start(Arguments.Parse(invocation.Words).OnlyId("start"));
        return 0;
    }

    public static int State(Invocation invocation)
    {
        var entry = invocation.Runtime.State(Arguments.Parse(invocation.Words).OnlyId("state"));
        Files.WriteStandard(1, ContainerRuntime.StateText(entry));
        return 0;
    }

    public static int Kill(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "all,a");
        arguments.Require("kill", 1, 2);
        invocation.Runtime.Kill(arguments.Rest[0], Signals.Parse(arguments.Rest.Count == 2 ? arguments.Rest[1] : "SIGTERM"), arguments.Has("all"));
        return 0;
    }

    public static int Delete(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "force,f");
        invocation.Runtime.Delete(arguments.OnlyId("delete"), arguments.Has("force"));
        return 0;
    }

    public static int Pause(Invocation invocation)
    {
        invocation.Runtime.Pause(Arguments.Parse(invocation.Words).OnlyId("pause"));
        return 0;
    }

    public static int Resume(Invocation invocation)
    {
        invocation.Runtime.Resume(Arguments.Parse(invocation.Words).OnlyId("resume"));
        return 0;
    }
}
