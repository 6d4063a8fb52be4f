using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Gc;

namespace Naru.HubServer.Configuration;

/// <summary>What the collector may take.</summary>
internal sealed class GarbageFlags
{
    private readonly ValueFlag<long> grace;
    private readonly ValueFlag<bool> untagged;

    public GarbageFlags(FlagSet all)
    {
        grace = all.Duration("gc-grace", null, "How long a blob stays that a push named and no manifest needs: longer than any push takes", new GarbageOptions().Grace.Ticks * 100);
        untagged = all.Bool("gc-untagged", null, "Take manifests too that no tag and no other manifest needs");
    }

    /// <exception cref="NaruException">InvalidArgument.</exception>
    public GarbageOptions Options() => new()
    {
        Grace = grace.Value > 0 ? TimeSpan.FromTicks(grace.Value / 100) : throw NaruException.Invalid("invalid --gc-grace: it must be longer than nothing"),
        Untagged = untagged,
    };
}
