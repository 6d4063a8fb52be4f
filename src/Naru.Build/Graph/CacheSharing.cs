namespace Naru.Build.Graph;

/// <summary>What steps that run at once do with the same cache mount.</summary>
public enum CacheSharing
{
    /// <summary>They use it together.</summary>
    Shared,

    /// <summary>Each that comes while it is used gets one of its own.</summary>
    Private,

    /// <summary>Each waits until it is free.</summary>
    Locked,
}
