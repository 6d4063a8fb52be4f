using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>The people and teams of an organisation, for its owners.</summary>
internal sealed class TeamRoutes(AccountRooms accounts) : ISiteRoutes
{
    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (call.Shell.Open || OrganisationPath.TryParse(path) is not { Page: "teams", Name: var name } route || !await route.IsFor(call, accounts))
            return false;
        string? failure = null;
        if (call.IsPost && (failure = await FormFailure.Submit(call, () => Change(call, name))) is null)
            return true;

        await call.Page(TeamsPage.Render(call.FormShell(), await Read(call, name) with { Failure = failure }), failure is null ? 200 : 422);
        return true;
    }

    private async ValueTask<TeamsModel> Read(SiteCall call, string organisation)
    {
        List<MemberRow> members = [];
        foreach (var member in await accounts.Organisations.Members(organisation, call.Cancel))
            members.Add(new MemberRow(member.Name, member.Role == MemberRole.Owner ? "owner" : "member"));
        List<TeamRow> teams = [];
        foreach (var team in await accounts.Teams.List(organisation, call.Cancel))
        {
            List<string> inside = [];
            foreach (var member in await accounts.Teams.Members(organisation, team.Name, call.Cancel))
                inside.Add(member.Name);
            List<MemberRow> grants = [];
            foreach (var right in await accounts.Teams.Rights(organisation, team.Name, call.Cancel))
                grants.Add(new MemberRow(right.Repository, LevelWord.Of(right.Level)));
            teams.Add(new TeamRow(team.Id, team.Name, inside, grants));
        }

        return new TeamsModel { Organisation = organisation, Members = members, Teams = teams };
    }

    /// <summary>Does what one of the page's forms asks for; where to go on.</summary>
    private async ValueTask<string> Change(SiteCall call, string organisation)
    {
        var by = call.Caller;
        switch (call.Field("do"))
        {
            case "add-member":
                await accounts.Organisations.SetMember(by, organisation, Person(call), call.FieldLike("role") == "owner" ? MemberRole.Owner : MemberRole.Member, call.Cancel);
                break;
            case "remove-member":
                await accounts.Organisations.RemoveMember(by, organisation, call.Field("name"), call.Cancel);
                break;
            case "add-team":
                await accounts.Teams.Create(by, organisation, call.Field("team-name").Trim().ToLowerInvariant(), call.Cancel);
                break;
            case "remove-team":
                await accounts.Teams.Delete(by, organisation, await Team(call, organisation), call.Cancel);
                break;
            case "join-team":
                await accounts.Teams.AddMember(by, organisation, await Team(call, organisation), Person(call), call.Cancel);
                break;
            case "leave-team":
                await accounts.Teams.RemoveMember(by, organisation, await Team(call, organisation), call.Field("name"), call.Cancel);
                break;
            case "grant":
                await accounts.Teams.Grant(by, organisation, await Team(call, organisation), call.FieldLike("repository"), LevelWord.Parse(call.FieldLike("level")), call.Cancel);
                break;
            case "revoke":
                await accounts.Teams.Grant(by, organisation, await Team(call, organisation), call.Field("name"), AccessLevel.None, call.Cancel);
                break;
            default:
                throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such form");
        }

        return $"{Links.Teams(organisation)}?done=saved";
    }

    private static string Person(SiteCall call) => call.FieldLike("person").ToLowerInvariant();

    private async ValueTask<string> Team(SiteCall call, string organisation)
    {
        foreach (var team in await accounts.Teams.List(organisation, call.Cancel))
        {
            if (long.TryParse(call.Field("team"), out var id) && team.Id == id)
                return team.Name;
        }

        throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such team");
    }
}
