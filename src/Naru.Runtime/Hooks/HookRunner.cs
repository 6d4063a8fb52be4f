using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.State;

namespace Naru.Runtime.Hooks;

/// <summary>Runs the hooks of one kind in order, each with the container's state on standard input.</summary>
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
        var program = new HelperProgram(hook.Path, hook.Args is { Count: > 0 } given ? given : [hook.Path])
        {
            Input = input,
            Folder = folder,
            Environment = environment,
            Timeout = (uint?)hook.Timeout,
        };
        var end = program.Run();
        if (end.Succeeded)
            return null;
        if (end.Refusal is { } reason)
            return reason;
        return end.End.Signal == Sigalrm && hook.Timeout is { } seconds
            ? $"hook ran past specified timeout of {seconds}.0s"
            : $"{end.End}, stdout: {end.Output}, stderr: {end.Error}";
    }
}
