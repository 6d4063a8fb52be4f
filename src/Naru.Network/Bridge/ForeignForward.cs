using Naru.Base;
using Naru.Linux;

namespace Naru.Network;

/// <summary>Others' forward chain: iptables' own, where Docker or a firewall service lets the policy drop what no rule accepts.</summary>
/// <remarks>A packet must pass every chain of the forward hook, so ours alone cannot let it through. The two rules are the last of the chain: whatever
/// its owner drops before stays dropped (Docker's bridges from ours, too); our own table still decides what may reach a container.</remarks>
internal static class ForeignForward
{
    private const string Chain = "ip filter FORWARD";

    /// <summary>Adds the rules where they are missing and needed.</summary>
    public static void Allow(string bridge)
    {
        try
        {
            using (var socket = NetlinkSocket.OpenNetfilter())
            {
                if (!NftablesRequests.TableExists(socket, "filter"))
                    return;
            }

            var rules = Nftables.Run("list chain " + Chain);
            if (!rules.Contains("policy drop", StringComparison.Ordinal) || rules.Contains($"\"{bridge}\"", StringComparison.Ordinal))
                return;
            Nftables.Run($"add rule {Chain} iifname \"{bridge}\" counter accept\nadd rule {Chain} oifname \"{bridge}\" counter accept\n");
            Log.Info($"the FORWARD chain of iptables drops by its policy: {bridge} is let through");
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Internal)
        {
            // A table of that name without that chain, or one that nft cannot read.
            Log.Debug($"{Chain}: {e.Message}");
        }
    }
}
