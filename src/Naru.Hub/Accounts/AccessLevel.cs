namespace Naru.Hub.Accounts;

/// <summary>What somebody was given on a repository; each includes those before it.</summary>
public enum AccessLevel
{
    /// <summary>Nothing: they are not told that it exists.</summary>
    None,
    Pull,
    Push,

    /// <summary>Deletes, and says who may do what.</summary>
    Admin,
}
