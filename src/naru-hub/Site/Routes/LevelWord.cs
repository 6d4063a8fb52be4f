using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Site.Routes;

/// <summary>Levels of access as forms send them.</summary>
internal static class LevelWord
{
    public static string Of(AccessLevel level) => level switch
    {
        AccessLevel.Admin => "admin",
        AccessLevel.Push => "push",
        _ => "pull",
    };

    public static AccessLevel Parse(string word) => word switch
    {
        "pull" => AccessLevel.Pull,
        "push" => AccessLevel.Push,
        "admin" => AccessLevel.Admin,
        _ => throw new RefusedException(Refusal.NoForm, ErrorKind.InvalidArgument, "a right is pull, push or admin"),
    };
}
