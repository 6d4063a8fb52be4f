using Naru.Shim.Tasks;

namespace Naru.Shim.Actions;

/// <summary>«delete»: what containerd runs after a shim has died: ends what is left of the task, and answers for it with 137.</summary>
internal static class DeleteAction
{
    public static int Run(ShimArguments arguments)
    {
        var pid = Container.ReadPid(Path.Combine(arguments.Bundle, Container.InitPidFile));
        var runtime = RuntimeOptions.Load(arguments.Bundle, arguments.Namespace);
        using (var nothing = Descriptor.OpenNull())
        using (var error = Descriptor.OpenAppend("/dev/stderr"))
        {
            // It fails when the runtime has no such container any more, and that is as good.
            Children.Wait(Spawner.Start(runtime.Binary, [.. runtime.Global(null), "delete", "--force", arguments.Id],
                ShimEnvironment.ForRuntime(), [nothing, nothing, error]));
        }
        Rootfs.Unmount(Path.Combine(arguments.Bundle, "rootfs"));
        var path = StartAction.SocketPath(arguments);
        using (var living = UnixSocket.TryConnect(path))
        {
            if (living is null)
                File.Delete(path);
        }
        using var output = Console.OpenStandardOutput();
        output.Write(new DeleteResponse { Pid = (uint)pid, ExitStatus = 137, ExitedAt = Timestamp.FromDateTime(DateTime.UtcNow) }.ToByteArray());
        return 0;
    }
}
