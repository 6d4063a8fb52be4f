using Naru.Hub.Accounts;

namespace Naru.HubServer.Site.Routes;

/// <summary>A path below <c>/u/</c> with a page for an organisation's owners behind the name.</summary>
internal sealed record OrganisationPath(string Name, string Page)
{
    private const string Prefix = "/u/";

    public static OrganisationPath? TryParse(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var slash = path.IndexOf('/', Prefix.Length);
        return slash > Prefix.Length ? new OrganisationPath(path[Prefix.Length..slash], path[(slash + 1)..]) : null;
    }

    /// <summary>It is an organisation, and whoever asks owns it or runs the registry. For everybody else there is no such page.</summary>
    public async ValueTask<bool> IsFor(SiteCall call, AccountRooms accounts)
    {
        if (await accounts.Directory.Find(Name, call.Cancel) is not { Organisation: true })
            return false;
        if (call.Caller.Admin)
            return true;
        foreach (var member in await accounts.Organisations.Members(Name, call.Cancel))
        {
            if (member.Name == call.Caller.Name)
                return member.Role == MemberRole.Owner;
        }

        return false;
    }
}
