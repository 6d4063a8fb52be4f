using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Lifecycle;

/// <summary>Unix sockets that the caller listens on (--console-socket, --pidfd-socket).</summary>
internal static class CallerSocket
{
    /// <exception cref="NaruException">Nobody listens there.</exception>
    public static SafeFileHandle Connect(string path)
    {
        try
        {
            return ConsoleSocket.Connect(path);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Unavailable, $"dial unix {path}: connect: {Errno.Text(failure.Number)}", failure);
        }
    }

    /// <summary>The socket that a descriptor of the process goes to; null where none is asked for.</summary>
    public static SafeFileHandle? ConnectForProcess(string? path)
    {
        try
        {
            return path is null ? null : Connect(path);
        }
        catch (NaruException failure)
        {
            throw new NaruException(failure.Kind, $"failed to dial {path}: {failure.Message}", failure);
        }
    }

    public static void SendProcess(SafeFileHandle? socket, int pid)
    {
        if (socket is null)
            return;
        using var process = ProcessHandle.TryOpen(pid) ?? throw new NaruException(ErrorKind.Internal, "failed to open a descriptor of the process: it has ended");
        SocketPair.Send(socket, "pidfd"u8, [process.Handle]);
    }
}
