using System.Buffers.Binary;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.State;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>Hands a filter's listener to the agent at seccomp.listenerPath, which answers the calls that the profile notifies of (seccomp_unotify(2)).</summary>
/// <remarks>The process cannot do so itself: the agent's socket is the host's, and sendmsg may be one of those calls. Its descriptor is fetched from it (pidfd_getfd(2), Linux 5.6).</remarks>
internal static class SeccompListener
{
    /// <param name="pid">The process that has the filter.</param>
    /// <param name="number">Its descriptor of the listener: 4 bytes, as it came.</param>
    /// <param name="state">Of the container.</param>
    public static void Pass(OciSeccomp profile, int pid, byte[] number, Oci.Runtime.State state)
    {
        try
        {
            using var process = ProcessHandle.Open(pid);
            using var listener = process.Fetch(BinaryPrimitives.ReadInt32LittleEndian(number));
            using var agent = ConsoleSocket.Connect(profile.ListenerPath!);
            SocketPair.Send(agent, StateJson.WriteProcess(state, pid, "seccompFd", profile.ListenerMetadata ?? ""), [listener]);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"failed to connect with seccomp agent specified in the seccomp profile: {failure.Message}", failure);
        }
    }
}
