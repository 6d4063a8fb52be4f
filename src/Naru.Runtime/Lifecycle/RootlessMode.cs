namespace Naru.Runtime.Lifecycle;

/// <summary>Whether limits that the caller may not set are left out in silence (--rootless).</summary>
public enum RootlessMode
{
    /// <summary>Where the caller is not root, or is root of a user namespace only.</summary>
    Auto,

    Yes,

    No,
}
