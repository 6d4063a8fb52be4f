namespace Naru.Build.Graph;

/// <summary>RUN --network.</summary>
public enum RunNetwork
{
    /// <summary>The engine's bridge.</summary>
    Default,
    None,

    /// <summary>The machine's own; needs the entitlement <c>network.host</c>.</summary>
    Host,
}
