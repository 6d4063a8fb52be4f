namespace Naru.Hub.Accounts;

/// <summary>What somebody is to an organisation.</summary>
public enum MemberRole
{
    /// <summary>May be in its teams, and see who else is.</summary>
    Member,

    /// <summary>Acts for the organisation: makes repositories, teams and robots.</summary>
    Owner,
}
