using System.Text;

namespace Naru.Oci;

/// <summary>The identity of a stack of layers: sha256 over the chain below and the next diff id.</summary>
/// <remarks>OCI image-spec, config.md, "Layer ChainID".</remarks>
public static class ChainId
{
    /// <summary>The chain id of the whole stack, lowest first; empty for no layers.</summary>
    public static Digest Of(IEnumerable<Digest> diffIds)
    {
        Digest chain = default;
        foreach (var diffId in diffIds)
            chain = Next(chain, diffId);
        return chain;
    }

    /// <summary>The chain id of <paramref name="diffId"/> on top of <paramref name="below"/> (empty for none).</summary>
    public static Digest Next(Digest below, Digest diffId) =>
        below.IsEmpty ? diffId : Digest.Of(Encoding.ASCII.GetBytes($"{below} {diffId}"));
}
