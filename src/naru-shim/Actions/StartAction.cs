using System.Collections;
using System.Text;

namespace Naru.Shim.Actions;

/// <summary>«start»: binds the task's socket, leaves a shim of its own session serving it, prints its address and exits.</summary>
internal static class StartAction
{
    /// <summary>The folder of all shims' sockets; 0700, so that only root reaches them.</summary>
    private const string SocketFolder = "/run/containerd/s";

    public static int Run(ShimArguments arguments)
    {
        var path = SocketPath(arguments);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var listener = Listen(path);
        if (listener is not null)
            Spawn(arguments, listener, path);
        Console.Out.Write("unix://" + path);
        return 0;
    }

    /// <summary>One name a task: who asks again for the same task finds the same shim.</summary>
    public static string SocketPath(ShimArguments arguments)
    {
        if (arguments.Socket.Length > 0)
            return arguments.Socket.StartsWith("unix://", StringComparison.Ordinal) ? arguments.Socket["unix://".Length..] : arguments.Socket;
        return $"{SocketFolder}/{ShortHash.Of($"{arguments.Address}/{arguments.Namespace}/{arguments.Id}")}";
    }

    private static Descriptor? Listen(string path)
    {
        try
        {
            return UnixSocket.Listen(path);
        }
        catch (LinuxException failure) when (failure.Number == Errno.EADDRINUSE)
        {
            using var living = UnixSocket.TryConnect(path);
            if (living is not null)
                return null;
            // Left by a shim that was killed.
            File.Delete(path);
            return UnixSocket.Listen(path);
        }
    }

    private static void Spawn(ShimArguments arguments, Descriptor listener, string path)
    {
        using var nothing = Descriptor.OpenNull();
        List<string> words = ["-namespace", arguments.Namespace, "-id", arguments.Id, "-address", arguments.Address,
            "-publish-binary", arguments.PublishBinary, "-bundle", arguments.Bundle, "-socket", path];
        if (arguments.Debug)
            words.Add("-debug");
        var environment = new List<string>();
        foreach (DictionaryEntry each in Environment.GetEnvironmentVariables())
            environment.Add($"{each.Key}={each.Value}");
        // The smallest first generation: a shim allocates little, and its first collection should not wait for megabytes.
        environment.Add(ShimEnvironment.SmallHeap);
        try
        {
            Spawner.Start(Environment.ProcessPath!, words, environment, [nothing, nothing, nothing, listener], newSession: true, blockChildSignal: true);
            AtomicFile.Write(Path.Combine(arguments.Bundle, "address"), Encoding.UTF8.GetBytes("unix://" + path), durable: false);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
