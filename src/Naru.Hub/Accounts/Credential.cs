namespace Naru.Hub.Accounts;

/// <summary>How somebody showed who they are.</summary>
public enum Credential
{
    None,
    Password,

    /// <summary>A personal or robot token, which is kept in the database.</summary>
    Token,

    /// <summary>A signed token of a few minutes, from <c>/token</c>; it may be an anonymous one.</summary>
    Bearer,

    /// <summary>A browser that is signed in.</summary>
    Login,

    /// <summary>No request: a command on the machine.</summary>
    Machine,
}
