namespace Naru.Images;

/// <summary>How a blob came to be in a repository.</summary>
public enum BlobPush
{
    /// <summary>Its bytes were sent.</summary>
    Sent,

    /// <summary>The repository had it.</summary>
    Existed,

    /// <summary>The registry took it from another of its repositories.</summary>
    Mounted,
}
