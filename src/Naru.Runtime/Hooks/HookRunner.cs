using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.State;

namespace Naru.Runtime.Hooks;

/// <summary>Runs the hooks of one kind in order, each with the container's state on standard input. By fork: usable in the container's first process too.</summary>
internal static class HookRunner
{
    private const int Sigalrm = 14;

    /// <exception cref="NaruException">The first hook that fails, by its kind and number.</exception>
    public static void Run(string kind, IReadOnlyList<Hook>? hooks, Oci.Runtime.State state)
    {
        if (hooks is null || hooks.Count == 0)
            return;
        var input = StateJson.Write(state);
        for (var index = 0; index < hooks.Count; index++)
        {
            var (status, output) = RunOne(hooks[index], input);
            if (status == 128 + Sigalrm && hooks[index].Timeout is { } seconds)
                throw new NaruException(ErrorKind.DeadlineExceeded, $"error running {kind} hook #{index}: hook ran past specified timeout of {seconds}.0s");
            if (status != 0)
                throw new NaruException(ErrorKind.Internal, $"error running {kind} hook #{index}: exit status {status}, stdout: , stderr: {output.TrimEnd()}");
        }
    }

    private static (int Status, string Output) RunOne(Hook hook, byte[] input)
    {
        var stdin = Processes.Pipe();
        var stderr = Processes.Pipe();
        var pid = Processes.Fork();
        if (pid == 0)
            Execute(hook, stdin.Read, stderr.Write);
        stdin.Read.Dispose();
        stderr.Write.Dispose();
        try
        {
            Files.Write(stdin.Write, input);
        }
        catch (LinuxException closed) when (closed.Number == Errno.EPIPE)
        {
            // A hook need not read its state.
        }

        stdin.Write.Dispose();
        var output = System.Text.Encoding.UTF8.GetString(Files.ReadAll(stderr.Read));
        stderr.Read.Dispose();
        return (Processes.Wait(pid), output);
    }

    private static void Execute(Hook hook, Microsoft.Win32.SafeHandles.SafeFileHandle input, Microsoft.Win32.SafeHandles.SafeFileHandle output)
    {
        try
        {
            Processes.ResetSignals();
            Processes.Duplicate(input, 0);
            Processes.Duplicate(output, 1);
            Processes.Duplicate(output, 2);
            Processes.CloseOnExecFrom(3);
            // alarm(2) survives execve: SIGALRM ends a hook that takes too long.
            if (hook.Timeout is > 0)
                Processes.Alarm((uint)hook.Timeout);
            Processes.Execute(hook.Path, hook.Args is { Count: > 0 } arguments ? arguments : [hook.Path], hook.Env ?? []);
        }
        catch (Exception failure)
        {
            Files.WriteStandard(2, failure.Message);
        }

        Processes.Exit(127);
    }
}
