using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>The people of an organisation and its teams, for its owners.</summary>
internal static class TeamsPage
{
    public static Html Render(Shell shell, TeamsModel model)
    {
        var t = shell.Texts;
        var action = Links.Teams(model.Organisation);
        return SettingsFrame.Organisation(shell, model.Organisation, "teams", t.ManageTeams, $"""
            {Forms.Failure(model.Failure)}
            <section class="panel flush"><div class="padded"><h2>{t.Members}</h2></div>
            <ul class="people">{Html.Each(model.Members, member => (Html)$"<li>{Avatar.Render(member.Name)}<a href=\"{Links.Account(member.Name)}\">{member.Name}</a><span class=\"badge\">{t.Level(member.Level)}</span><span class=\"row-actions\">{Role(shell, action, member)}{Remove(shell, action, "remove-member", member.Name, null)}</span></li>")}</ul>
            {AddForm(shell, action, "add-member", "person", null, t.AddMember, Forms.Select("role-person", t.Role, "member", ["member", t.Level("member"), "owner", t.Level("owner")]))}
            </section>
            <div class="section-head"><h2>{t.Teams}</h2></div><p class="hint">{t.TeamsHint}</p>
            {(model.Teams.Count == 0 ? Parts.Empty(t.NoTeams) : Html.Each(model.Teams, team => Team(shell, action, team)))}
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "add-team")}<h2>{t.NewTeam}</h2>
            {Forms.Field("team-name", t.TeamName, "", $"required maxlength=\"64\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}<button class="button quiet">{t.Create}</button></form>
            """);
    }

    /// <summary>The button that makes a member an owner, or an owner a member.</summary>
    private static Html Role(Shell shell, string action, MemberRow member)
    {
        var t = shell.Texts;
        var owner = member.Level == "owner";
        return Forms.Button(shell, action, $"{Forms.Hidden("do", "add-member")}{Forms.Hidden("person", member.Name)}{Forms.Hidden("role", owner ? "member" : "owner")}",
            owner ? t.MakeMember : t.MakeOwner, $"{(owner ? t.MakeMember : t.MakeOwner)}: {member.Name}", "ghost small");
    }

    private static Html Team(Shell shell, string action, TeamRow team)
    {
        var t = shell.Texts;
        Html id = $"""<input type="hidden" name="team" value="{team.Id}">""";
        return $"""
            <section class="panel flush"><div class="section-head padded"><h3>{team.Name}</h3>{Forms.Button(shell, action, $"{id}{Forms.Hidden("do", "remove-team")}", t.Delete, $"{t.Delete}: {team.Name}")}</div>
            <h4 class="small-title padded">{t.Members}</h4>
            <ul class="people">{Html.Each(team.Members, name => (Html)$"<li>{Avatar.Render(name)}<a href=\"{Links.Account(name)}\">{name}</a>{Remove(shell, action, "leave-team", name, id)}</li>")}</ul>{(team.Members.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoMembers}</p>" : null)}
            {AddForm(shell, action, "join-team", $"person-{team.Id}", id, t.AddMember, null)}
            <h4 class="small-title padded topped">{t.Repositories}</h4>
            <ul class="people">{Html.Each(team.Grants, grant => (Html)$"<li><a href=\"{Links.Repository(grant.Name)}\">{grant.Name}</a><span class=\"badge\">{t.Level(grant.Level)}</span>{Remove(shell, action, "revoke", grant.Name, id)}</li>")}</ul>{(team.Grants.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.None}</p>" : null)}
            {AddForm(shell, action, "grant", $"repository-{team.Id}", id, t.GrantRepository, Levels(shell, $"level-{team.Id}"))}</section>
            """;
    }

    /// <summary>A choice of what somebody may do to a repository.</summary>
    public static Html Levels(Shell shell, string name) =>
        Forms.Select(name, shell.Texts.Right, "pull", ["pull", shell.Texts.Level("pull"), "push", shell.Texts.Level("push"), "admin", shell.Texts.Level("admin")]);

    /// <summary>A line in which somebody or something is added by its name.</summary>
    public static Html AddForm(Shell shell, string action, string what, string field, Html? hidden, string label, Html? more) => $"""
        <form class="add-line" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", what)}{hidden}{Forms.Field(field, label, "", $"required maxlength=\"255\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}{more}<button class="button quiet">{shell.Texts.Add}</button></form>
        """;

    public static Html Remove(Shell shell, string action, string what, string name, Html? hidden) =>
        Forms.Button(shell, action, $"{Forms.Hidden("do", what)}{Forms.Hidden("name", name)}{hidden}", shell.Texts.Remove, shell.Texts.ConfirmRemove(name), "ghost small");
}
