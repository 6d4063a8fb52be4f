namespace Naru.Hub.Accounts;

/// <summary>What somebody wants of a repository; each includes those before it.</summary>
public enum RepositoryAction
{
    Pull,
    Push,

    /// <summary>Takes away tags, manifests and blobs.</summary>
    Delete,

    /// <summary>Changes who may do what, and the repository's page.</summary>
    Administer,
}
