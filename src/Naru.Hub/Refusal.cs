namespace Naru.Hub;

/// <summary>Why something was refused. What <see cref="RefusedException.About"/> holds stands in brackets.</summary>
public enum Refusal
{
    /// <summary>[name]</summary>
    AccountName,

    /// <summary>[name]</summary>
    AccountNameReserved,

    /// <summary>A team's or a robot's. [name]</summary>
    PartName,

    /// <summary>[name]</summary>
    NameTaken,

    /// <summary>[team]</summary>
    TeamTaken,

    /// <summary>[robot]</summary>
    RobotTaken,

    /// <summary>[repository]</summary>
    RepositoryTaken,
    OwnersOnly,
    AdministratorsOnly,
    SignUpClosed,

    /// <summary>[name]</summary>
    NoAccount,

    /// <summary>It is an organisation. [name]</summary>
    NoUser,

    /// <summary>It is a user. [name]</summary>
    NoOrganisation,

    /// <summary>[user, organisation or team]</summary>
    NoMember,

    /// <summary>Only members of an organisation can be in its teams. [user, organisation]</summary>
    MemberFirst,

    /// <summary>[account, repository]</summary>
    NoRepository,

    /// <summary>[organisation, team]</summary>
    NoTeam,
    NoToken,
    NoSession,

    /// <summary>No such web hook or delivery.</summary>
    NoHook,

    /// <summary>What was sent is no form of the page.</summary>
    NoForm,
    FormExpired,

    /// <summary>[least]</summary>
    PasswordShort,

    /// <summary>[most bytes]</summary>
    PasswordLong,
    PasswordIsName,
    PasswordOneLetter,
    CurrentPassword,
    Quota,

    /// <summary>[user, organisation]</summary>
    OnlyOwner,

    /// <summary>[user, organisations]</summary>
    OnlyOwnerOfSome,

    /// <summary>[user]</summary>
    OnlyAdministrator,

    /// <summary>[repository, user]</summary>
    OwnRepository,

    /// <summary>[address]</summary>
    Email,

    /// <summary>[most characters]</summary>
    TextLong,
    TextControl,

    /// <summary>[most characters]</summary>
    Description,

    /// <summary>[repository]</summary>
    ScopeRepository,

    /// <summary>[most]</summary>
    ScopeRepositories,
    TokenName,
    TokenExpired,

    /// <summary>[most]</summary>
    TokensMany,

    /// <summary>[most characters]</summary>
    HookAddress,
    HookPassword,

    /// <summary>[host]</summary>
    HookPrivate,
    HookEvents,

    /// <summary>[most]</summary>
    HooksMany,

    /// <summary>What was typed to confirm is not the name of what would be deleted.</summary>
    Confirmation,
}
