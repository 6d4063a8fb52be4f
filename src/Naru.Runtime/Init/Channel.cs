using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The one-byte words between the runtime and the container's process while it sets itself up, over two pipes that close at execve.</summary>
/// <remarks>
/// Runtime to process: Go (id maps are in place), Limited (so are the limits of its cgroup and its own; it may enter), Hooked (runtime's hooks ran), Start (run only; create starts by exec.fifo).
/// Process to runtime: Mounted (run the runtime's hooks now), Ready (about to wait for the start), Error and its text up to the end.
/// </remarks>
internal sealed class Channel : IDisposable
{
    public const byte Go = (byte)'g', Limited = (byte)'l', Hooked = (byte)'h', Start = (byte)'s', Mounted = (byte)'m', Ready = (byte)'r', Error = (byte)'e';

    private readonly (SafeFileHandle Read, SafeFileHandle Write) _down = Processes.Pipe();
    private readonly (SafeFileHandle Read, SafeFileHandle Write) _up = Processes.Pipe();
    private bool _isChild;

    /// <summary>After the fork: each side keeps its own ends only, so that the other's end is seen.</summary>
    public void BecomeChild()
    {
        _isChild = true;
        _down.Write.Dispose();
        _up.Read.Dispose();
    }

    public void BecomeParent()
    {
        _down.Read.Dispose();
        _up.Write.Dispose();
    }

    public void Send(byte word) => Files.Write(_isChild ? _up.Write : _down.Write, [word]);

    public void SendError(string message) => Files.Write(_up.Write, [Error, .. Encoding.UTF8.GetBytes(message)]);

    /// <summary>Child: waits for a word; the runtime's end is the child's end too.</summary>
    public void Await(byte word)
    {
        Span<byte> one = stackalloc byte[1];
        if (Files.Read(_down.Read, one) != 1 || one[0] != word)
            Processes.Exit(1);
    }

    /// <summary>Parent: the next word, or null when the child has executed its program or ended.</summary>
    /// <exception cref="NaruException">The child's error.</exception>
    public byte? Next()
    {
        Span<byte> one = stackalloc byte[1];
        if (Files.Read(_up.Read, one) == 0)
            return null;
        if (one[0] != Error)
            return one[0];
        throw new NaruException(ErrorKind.Internal, Encoding.UTF8.GetString(Files.ReadAll(_up.Read)));
    }

    public void Dispose()
    {
        _down.Read.Dispose();
        _down.Write.Dispose();
        _up.Read.Dispose();
        _up.Write.Dispose();
    }
}
