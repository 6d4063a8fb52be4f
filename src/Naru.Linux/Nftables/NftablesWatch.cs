using Naru.Base;

namespace Naru.Linux;

/// <summary>Tells when a table vanishes: someone flushed the ruleset, or a firewall service restarted.</summary>
public static class NftablesWatch
{
    private const int StackSize = 256 * 1024;

    // How late a cancellation may be seen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Calls <paramref name="vanished"/>, on a thread of its own in the caller's network namespace, each time the `ip` table was deleted and is not there.</summary>
    public static void Start(string table, Action vanished, CancellationToken stop)
    {
        var events = NetlinkSocket.OpenNetfilter();
        events.Join(Libc.NFNLGRP_NFTABLES);
        events.SetReceiveTimeout(Patience);
        var questions = NetlinkSocket.OpenNetfilter();
        new Thread(
            () =>
            {
                using (events)
                using (questions)
                {
                    while (!stop.IsCancellationRequested)
                        Step(events, questions, table, vanished, stop);
                }
            },
            StackSize)
        { IsBackground = true, Name = "nftables watch" }.Start();
    }

    private static void Step(NetlinkSocket events, NetlinkSocket questions, string table, Action vanished, CancellationToken stop)
    {
        try
        {
            var deleted = false;
            // Messages lost: the one that matters may be among them.
            var complete = events.Wait((type, body) => deleted |= NftablesRequests.IsTableDeleted(type, body, table));
            if ((deleted || !complete) && !stop.IsCancellationRequested && !NftablesRequests.TableExists(questions, table))
                vanished();
        }
        catch (LinuxException e) when (e.Number == Errno.EAGAIN)
        {
            // Nothing happened for a while.
        }
        catch (Exception e) when (e is LinuxException or NaruException)
        {
            Log.Error($"nftables table ip {table} could not be built again: {e.Message}");
        }
    }
}
