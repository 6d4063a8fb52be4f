using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.State;

namespace Naru.Runtime.Hooks;

/// <summary>Runs the hooks of one kind in order, each with the container's state on standard input. By fork: usable in the container's first process too.</summary>
/// <remarks>Input and outputs are files in memory, not pipes: a hook that leaves a program in the background holds nobody up.</remarks>
internal static class HookRunner
{
    private const int Sigalrm = 14;

    /// <param name="folder">Where the hooks start; null: where the caller is.</param>
    /// <param name="environment">Of hooks that name none of their own; null: the caller's.</param>
    /// <exception cref="NaruException">The first hook that fails, by its kind and number.</exception>
    public static void Run(string kind, IReadOnlyList<Hook>? hooks, Oci.Runtime.State state, string? folder = null, IReadOnlyList<string>? environment = null)
    {
        if (hooks is null || hooks.Count == 0)
            return;
        var input = StateJson.Write(state);
        for (var index = 0; index < hooks.Count; index++)
        {
            if (RunOne(hooks[index], input, folder, hooks[index].Env ?? environment) is { } trouble)
                throw new NaruException(ErrorKind.Internal, $"error running {kind} hook #{index}: {trouble}");
        }
    }

    /// <returns>Null: it succeeded.</returns>
    private static string? RunOne(Hook hook, byte[] input, string? folder, IReadOnlyList<string>? environment)
    {
        if (hook.Timeout is <= 0 and var none)
            return $"hook ran past specified timeout of {none}.0s";
        using var stdin = Files.Memory("stdin");
        using var stdout = Files.Memory("stdout");
        using var stderr = Files.Memory("stderr");
        using var refusal = Files.Memory("refusal");
        Files.Write(stdin, input);
        var pid = Processes.Fork();
        if (pid == 0)
            Execute(hook, folder, environment, stdin, stdout, stderr, refusal);
        var status = Processes.Wait(pid);
        if (status == 0)
            return null;
        if (Content(refusal) is { Length: > 0 } reason)
            return reason;
        if (status == 128 + Sigalrm && hook.Timeout is { } seconds)
            return $"hook ran past specified timeout of {seconds}.0s";
        return $"exit status {status}, stdout: {Content(stdout)}, stderr: {Content(stderr)}";
    }

    private static void Execute(
        Hook hook, string? folder, IReadOnlyList<string>? environment, SafeFileHandle stdin, SafeFileHandle stdout, SafeFileHandle stderr, SafeFileHandle refusal)
    {
        try
        {
            Processes.ResetSignals();
            // Opened anew: at its start, and for reading only.
            using (var input = Files.Open(Files.PathOf(stdin), OpenFlags.ReadOnly))
                Processes.Duplicate(input, 0);
            Processes.Duplicate(stdout, 1);
            Processes.Duplicate(stderr, 2);
            Processes.CloseOnExecFrom(3);
            // alarm(2) survives execve: SIGALRM ends a hook that takes too long.
            if (hook.Timeout is > 0)
                Processes.Alarm((uint)hook.Timeout);
            if (folder is not null)
                Processes.ChangeFolder(folder);
            var arguments = hook.Args is { Count: > 0 } given ? given : [hook.Path];
            if (environment is null)
                Processes.Execute(hook.Path, arguments);
            else
                Processes.Execute(hook.Path, arguments, environment);
        }
        catch (LinuxException failure)
        {
            Files.Write(refusal, Encoding.UTF8.GetBytes($"fork/exec {hook.Path}: {Errno.Text(failure.Number)}"));
        }

        Processes.Exit(127);
    }

    private static string Content(SafeFileHandle file) => Encoding.UTF8.GetString(Files.ReadFromStart(file));
}
