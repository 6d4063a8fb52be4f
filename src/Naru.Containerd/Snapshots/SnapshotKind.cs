namespace Naru.Containerd;

/// <summary>What a snapshot is for. The numbers are the API's and the database's.</summary>
public enum SnapshotKind
{
    /// <summary>To be looked at only.</summary>
    View = 1,

    /// <summary>To be written to, until it is committed or removed.</summary>
    Active = 2,

    /// <summary>Done: never changes again, may have children.</summary>
    Committed = 3,
}
