using Naru.Base;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>exec: status of the process, 255 where none was started, as runc has it.</summary>
internal static class ExecCommand
{
    private const int NotStarted = 255;

    public static int Execute(Invocation invocation)
    {
        var options = Parse(invocation.Words);
        try
        {
            return invocation.Runtime.Execute(options);
        }
        catch (Exception failure) when (failure is NaruException or IOException)
        {
            Program.Report(invocation.Log, $"exec failed: {failure.Message}");
            return NotStarted;
        }
    }

    private static ExecOptions Parse(IReadOnlyList<string> words)
    {
        var arguments = Arguments.Parse(words, "console-socket=", "pidfd-socket=", "cwd=", "env,e=", "tty,t", "user,u=", "additional-gids,g=", "process,p=",
            "detach,d", "pid-file=", "process-label=", "apparmor=", "no-new-privs", "cap,c=", "preserve-fds=", "cgroup=", "ignore-paused");
        foreach (var unsupported in (ReadOnlySpan<string>)["pidfd-socket", "process-label", "cgroup"])
        {
            if (arguments.Value(unsupported) is { Length: > 0 })
                throw new NaruException(ErrorKind.Unimplemented, $"--{unsupported} is not supported");
        }

        arguments.Require("exec", 1, int.MaxValue);
        return new ExecOptions
        {
            Id = arguments.Rest[0],
            Args = arguments.Rest.Skip(1).ToList(),
            ProcessFile = arguments.Value("process"),
            Cwd = arguments.Value("cwd"),
            Env = arguments.Values("env"),
            User = arguments.Value("user"),
            AdditionalGids = arguments.Values("additional-gids").Select(gid => uint.TryParse(gid, out var number) ? number : throw new UsageException($"invalid value \"{gid}\" for flag -additional-gids: parse error")).ToList(),
            Capabilities = arguments.Values("cap"),
            NoNewPrivileges = arguments.IsSet("no-new-privs") ? arguments.Has("no-new-privs") : null,
            Apparmor = arguments.Value("apparmor"),
            Terminal = arguments.Has("tty"),
            Detach = arguments.Has("detach"),
            PidFile = arguments.Value("pid-file"),
            ConsoleSocket = arguments.Value("console-socket"),
            PreserveDescriptors = arguments.Number("preserve-fds"),
            IgnorePaused = arguments.Has("ignore-paused"),
        };
    }
}
