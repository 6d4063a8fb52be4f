using System.Globalization;
using Naru.Base;
using Naru.Linux;

namespace Naru.Daemon.Http;

/// <summary>systemd's side of the start: sockets that are bound already (sd_listen_fds(3)), and a word when the API answers (sd_notify(3)).</summary>
internal static class HandedSockets
{
    private const int First = 3;

    /// <summary>The descriptors that were handed to this very process; none of its children gets them, nor reads that there were any.</summary>
    /// <exception cref="NaruException">There are none.</exception>
    public static IReadOnlyList<int> Take()
    {
        var count = Number("LISTEN_PID") == Environment.ProcessId ? Number("LISTEN_FDS") : 0;
        foreach (var name in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
            Environment.SetEnvironmentVariable(name, null);
        if (count < 1)
            throw NaruException.Invalid("no sockets found: fd:// needs systemd's socket activation");
        Processes.CloseOnExecFrom(First);
        return [.. Enumerable.Range(First, count)];
    }

    /// <summary>Says that the API answers; nobody who asked to be told is fine.</summary>
    public static void Ready() => Notify("READY=1");

    public static void Stopping() => Notify("STOPPING=1");

    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;
        try
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Unspecified);
            // @: the abstract name space
            socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
            socket.Send(System.Text.Encoding.UTF8.GetBytes(state));
        }
        catch (System.Net.Sockets.SocketException e)
        {
            Log.Warn($"{path}: {e.Message}");
        }
    }

    private static int Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
