using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>For those who run the registry: what there is, who uses it, what can be thrown away.</summary>
internal static class AdminPages
{
    public static Html Storage(Shell shell, AdminModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Administration(shell, "/admin", t.Overview, $"""
            <dl class="figures">
            {Figure(t.Storage, t.Size(model.Size))}{Figure(t.Blobs, t.Number(model.Blobs))}{Figure(t.Repositories, t.Number(model.Repositories))}{Figure(t.Tags, t.Number(model.Tags))}{Figure(t.Accounts, t.Number(model.Accounts))}
            </dl>
            {(model.Collection is { } collection ? Garbage(shell, collection) : null)}
            {(model.Largest.Count == 0 ? null : Usage(shell, model))}
            """);
    }

    public static Html Users(Shell shell, UsersModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Administration(shell, "/admin/users", t.Users, $"""
            {Forms.Failure(model.Failure)}
            <section class="panel flush"><div class="section-head padded"><h2>{t.Users}</h2><form class="filter" action="/admin/users"><input type="search" name="q" value="{model.Filter}" aria-label="{t.FilterUsers}" placeholder="{t.FilterUsers}" spellcheck="false" autocapitalize="off"><button class="button quiet small">{t.Filter}</button></form></div>
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Users}"><table><thead><tr><th scope="col">{t.Name}</th><th scope="col">{t.Email}</th><th scope="col">{t.State}</th><th scope="col">{t.Created}</th><th scope="col"><span class="spoken">{t.Actions}</span></th></tr></thead>
            <tbody>{Html.Each(model.Users, user => User(shell, user))}</tbody></table></div></section>
            {Parts.Pager(shell, model.Page, model.More, page => $"/admin/users?q={Uri.EscapeDataString(model.Filter)}&page={page}")}
            <section class="panel"><div class="section-head"><h2>{t.SignUpTitleAdmin}</h2>{Forms.Button(shell, "/admin/users", Forms.Hidden("do", model.SignUpOpen ? "close-sign-up" : "open-sign-up"), model.SignUpOpen ? t.CloseSignUp : t.OpenSignUp)}</div><p class="hint">{(model.SignUpOpen ? t.SignUpIsOpen : t.SignUpIsClosed)}</p></section>
            <form class="panel stack" method="post" action="/admin/users">{Forms.Token(shell)}{Forms.Hidden("do", "add")}
            <h2>{t.NewUser}</h2><p class="hint">{t.NewUserHint}</p>
            {Forms.Field("name", t.UserName, model.New.Name, $"required autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"64\"", t.UserNameHint)}
            {Forms.Field("email", t.Email, model.New.Email, $"type=\"email\" autocomplete=\"off\" maxlength=\"254\"")}
            {Forms.Field("password", t.Password, "", $"required type=\"password\" autocomplete=\"new-password\" minlength=\"8\" maxlength=\"1024\"", t.PasswordHint)}
            <button class="button quiet">{t.Create}</button></form>
            """);
    }

    /// <summary>All that happened, by who did it, to what, and what it was.</summary>
    public static Html Audit(Shell shell, AuditModel model)
    {
        var t = shell.Texts;
        List<string> actions = ["", t.AnyAction];
        foreach (var action in Texts.AuditActions)
            actions.AddRange([action, t.ActionName(action)]);
        return SettingsFrame.Administration(shell, "/admin/audit", t.AuditTrail, $"""
            <section class="panel flush"><div class="padded"><h2>{t.AuditTrail}</h2></div>
            <form class="filters add-line" action="/admin/audit">{Forms.Field("account", t.Account, model.Account, $"maxlength=\"255\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}{Forms.Field("target", t.DoneTo, model.Target, $"maxlength=\"255\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}{Forms.Select("action", t.Action, model.Action, actions)}<button class="button quiet">{t.Filter}</button></form>
            {Events.Render(shell, model)}</section>
            {Events.Pager(shell, model, "/admin/audit")}
            """);
    }

    private static Html Figure(string name, string value) => $"""<div class="figure"><dt>{name}</dt><dd>{value}</dd></div>""";

    private static Html Garbage(Shell shell, CollectionModel collection)
    {
        var t = shell.Texts;
        return $"""
            <section class="panel"><div class="section-head"><h2>{t.GarbageCollection}</h2>{(collection.Running ? null : Forms.Button(shell, "/admin/collect", Html.Empty, t.CollectNow, null, ""))}</div>
            <p class="hint">{t.GarbageHint}</p>{Collection(shell, collection)}</section>
            """;
    }

    private static Html Collection(Shell shell, CollectionModel collection)
    {
        var t = shell.Texts;
        return $"""
            <hub-collection data-source="/admin/collection" data-running="{(collection.Running ? "1" : "0")}">
            {(collection.Running ? (Html)$"<p><b>{t.Collecting}</b> <span class=\"phase muted\">{collection.Phase}</span></p><progress max=\"{Math.Max(1, collection.Total)}\"{(collection.Total > 0 ? (Html)$" value=\"{collection.Done}\"" : null)} aria-label=\"{t.GarbageCollection}\"></progress>"
                : collection.Failure is { } failure ? (Html)$"<p class=\"notice bad\">{t.CollectionFailed} {failure}</p>"
                : collection.Ended is { } ended ? (Html)$"<p class=\"muted\">{Parts.Ago(shell, ended)} · {t.CollectionResult(collection.Removed, t.Size(collection.Freed))}</p>"
                : (Html)$"<p class=\"muted\">{t.NeverCollected}</p>")}
            </hub-collection>
            """;
    }

    private static Html Usage(Shell shell, AdminModel model)
    {
        var t = shell.Texts;
        var most = Math.Max(1, model.Largest[0].Size);
        return $"""
            <section class="panel"><h2>{t.Largest}</h2><ul class="usage">{Html.Each(model.Largest, row => (Html)$"<li><a href=\"{Links.AdminAccount(row.Account)}\">{row.Account}</a><meter min=\"0\" max=\"{row.Quota ?? most}\" value=\"{row.Size}\" aria-label=\"{row.Account}\"></meter><span class=\"number\">{t.Size(row.Size)}</span><span class=\"muted\">{(row.Quota is { } quota ? $"/ {t.Size(quota)}" : t.NoQuota)}</span></li>")}</ul></section>
            """;
    }

    private static Html User(Shell shell, UserRow user)
    {
        var t = shell.Texts;
        var name = Forms.Hidden("name", user.Name);
        return $"""
            <tr><th scope="row"><a href="{Links.AdminAccount(user.Name)}">{user.Name}</a><span class="hint">{(user.Organisation ? t.Organisation : user.FullName)}</span></th><td class="muted">{user.Email}</td>
            <td>{(user.Disabled ? (Html)$"<span class=\"badge bad\">{t.Disabled}</span>" : (Html)$"<span class=\"badge good\">{t.Active}</span>")}{(user.Admin ? (Html)$" <span class=\"badge\">{t.Administrator}</span>" : null)}</td><td class="muted">{Parts.Time(user.Created, t.Day(user.Created))}</td>
            <td class="row-actions">{(user.Name == shell.Viewer || user.Organisation ? null : Forms.Button(shell, "/admin/users", $"{name}{Forms.Hidden("do", user.Disabled ? "enable" : "disable")}", user.Disabled ? t.Enable : t.Disable, $"{(user.Disabled ? t.Enable : t.Disable)}: {user.Name}"))}</td></tr>
            """;
    }
}
