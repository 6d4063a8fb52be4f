using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>The tabs beside pages that belong together: a person's settings, an organisation's, the registry's.</summary>
internal static class SettingsFrame
{
    public static Html Person(Shell shell, string current, string title, Html body)
    {
        var t = shell.Texts;
        return Layout.Page(shell, $"{t.Settings} · {title}", $"""
            <h1>{t.Settings}</h1>
            <div class="with-tabs">{Parts.Tabs(t.Settings, current, ["/settings", t.Profile, "/settings/password", t.Password, "/settings/tokens", t.AccessTokens, "/settings/robots", t.Robots, "/settings/sessions", t.Sessions, "/settings/activity", t.Activity])}<div class="main">{body}</div></div>
            """);
    }

    public static Html Organisation(Shell shell, string name, string current, string title, Html body)
    {
        var t = shell.Texts;
        return Layout.Page(shell, $"{title} · {name}", $"""
            <p class="crumbs"><a href="{Links.Account(name)}">{name}</a></p>
            <h1>{t.OrganisationSettings}</h1>
            <div class="with-tabs">{Parts.Tabs(t.OrganisationSettings, Links.Organisation(name, current), [Links.Organisation(name, "settings"), t.General, Links.Teams(name), t.ManageTeams, Links.Organisation(name, "robots"), t.Robots, Links.Organisation(name, "activity"), t.Activity])}<div class="main">{body}</div></div>
            """);
    }

    public static Html Administration(Shell shell, string current, string title, Html body)
    {
        var t = shell.Texts;
        return Layout.Page(shell, $"{t.Administration} · {title}", $"""
            <h1>{t.Administration}</h1>
            <div class="with-tabs">{Parts.Tabs(t.Administration, current, ["/admin", t.Overview, "/admin/users", t.Users, "/admin/audit", t.AuditTrail])}<div class="main">{body}</div></div>
            """);
    }
}
