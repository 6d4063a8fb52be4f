using System.Globalization;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>create and run: the same flags, but for --detach and --keep.</summary>
internal static class CreateCommand
{
    public static int Create(Invocation invocation)
    {
        var options = Parse(invocation, "create");
        return Explained("runc create failed", () =>
        {
            invocation.Runtime.Create(options);
            return 0;
        });
    }

    public static int Run(Invocation invocation)
    {
        var options = Parse(invocation, "run");
        return Explained("runc run failed", () => invocation.Runtime.Run(options));
    }

    private static CreateOptions Parse(Invocation invocation, string command)
    {
        var arguments = command == "run"
            ? Arguments.Parse(invocation.Words, "bundle,b=", "console-socket=", "pid-file=", "no-pivot", "no-new-keyring", "preserve-fds=", "detach,d", "keep", "no-subreaper")
            : Arguments.Parse(invocation.Words, "bundle,b=", "console-socket=", "pid-file=", "no-pivot", "no-new-keyring", "preserve-fds=");
        return new CreateOptions
        {
            Id = arguments.OnlyId(command),
            Bundle = Path.GetFullPath(arguments.Value("bundle") ?? "."),
            ConsoleSocket = arguments.Value("console-socket"),
            PidFile = arguments.Value("pid-file"),
            NoPivot = arguments.Has("no-pivot"),
            NoNewKeyring = arguments.Has("no-new-keyring"),
            Detach = arguments.Has("detach"),
            Keep = arguments.Has("keep"),
            PreserveDescriptors = arguments.Number("preserve-fds") + ListenDescriptors(),
        };
    }

    /// <summary>systemd's socket activation: LISTEN_FDS descriptors from 3 on go to the container.</summary>
    private static int ListenDescriptors() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") is { } pid && pid == Processes.OwnPid.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var count) && count > 0 ? count : 0;

    private static int Explained(string prefix, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is NaruException or IOException)
        {
            throw new NaruException((failure as NaruException)?.Kind ?? ErrorKind.Internal, $"{prefix}: {failure.Message}", failure);
        }
    }
}
