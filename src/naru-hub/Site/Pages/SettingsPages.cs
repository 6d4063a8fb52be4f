using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>A person's own settings: profile and password, tokens and robots, sessions, what happened.</summary>
internal static class SettingsPages
{
    public static Html Profile(Shell shell, SettingsModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Person(shell, "/settings", t.Profile, $"""
            <form class="panel stack" method="post" action="/settings">{Forms.Token(shell)}
            <h2>{t.Profile}</h2><p class="hint">{t.ProfileHint}</p>
            {Forms.Failure(model.Failure)}
            {Forms.Field("full_name", t.FullName, model.FullName, $"autocomplete=\"name\" maxlength=\"128\"")}
            {Forms.Field("description", t.Description, model.Description, $"maxlength=\"200\"", t.AccountDescriptionHint)}
            {Forms.Field("email", t.Email, model.Email, $"type=\"email\" autocomplete=\"email\" maxlength=\"254\"")}
            {Forms.Check("private_default", t.PrivateByDefault, model.PrivateByDefault, t.PrivateByDefaultHint)}
            <button class="button">{t.Save}</button></form>
            {(model.Quota is { } quota ? Quota.Panel(shell, quota) : null)}
            <form class="panel stack" method="post" action="/organisations">{Forms.Token(shell)}
            <h2>{t.NewOrganisation}</h2><p class="hint">{t.NewOrganisationHint}</p>
            {Forms.Field("name", t.OrganisationName, "", $"required autocapitalize=\"off\" spellcheck=\"false\" autocomplete=\"off\" maxlength=\"64\"", t.UserNameHint)}
            <button class="button quiet">{t.Create}</button></form>
            """);
    }

    public static Html Password(Shell shell, SettingsModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Person(shell, "/settings/password", t.Password, $"""
            <form class="panel stack" method="post" action="/settings/password">{Forms.Token(shell)}
            <h2>{t.ChangePassword}</h2><p class="hint">{t.PasswordChangeHint}</p>
            {Forms.Failure(model.Failure)}
            <input type="hidden" name="username" autocomplete="username" value="{model.Name}">
            {Forms.Field("current", t.CurrentPassword, "", $"required type=\"password\" autocomplete=\"current-password\" maxlength=\"1024\"")}
            {Forms.Field("password", t.NewPassword, "", $"required type=\"password\" autocomplete=\"new-password\" minlength=\"8\" maxlength=\"1024\"", t.PasswordHint)}
            <button class="button">{t.ChangePassword}</button></form>
            """);
    }

    public static Html Tokens(Shell shell, SettingsModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Person(shell, "/settings/tokens", t.AccessTokens, $"""
            {(model.NewToken is { } token ? (Html)$"<section class=\"panel made\" role=\"status\"><p><b>{t.TokenMade}</b></p>{Parts.Command(shell, token, t.NewToken)}</section>" : null)}
            <section class="panel flush"><div class="padded"><h2>{t.AccessTokens}</h2><p class="hint">{t.TokensHint}</p></div>
            {(model.Tokens.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoTokens}</p>" : TokenTable(shell, model))}
            </section>
            <form class="panel stack" method="post" action="/settings/tokens">{Forms.Token(shell)}
            <h2>{t.NewToken}</h2>
            {Forms.Failure(model.Failure)}
            {Forms.Field("name", t.Name, "", $"required maxlength=\"100\" autocomplete=\"off\"", t.TokenNameHint)}
            {TokenFields.Render(shell)}
            <button class="button">{t.MakeToken}</button></form>
            """);
    }

    public static Html Robots(Shell shell, RobotsModel model) => SettingsFrame.Person(shell, "/settings/robots", shell.Texts.Robots, Components.Robots.Render(shell, model, "/settings/robots"));

    public static Html Activity(Shell shell, AuditModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Person(shell, "/settings/activity", t.Activity, $"""
            <section class="panel flush"><div class="padded"><h2>{t.Activity}</h2><p class="hint">{t.OwnActivityHint}</p></div>{Events.Render(shell, model)}</section>
            {Events.Pager(shell, model, "/settings/activity")}
            """);
    }

    public static Html Sessions(Shell shell, SettingsModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Person(shell, "/settings/sessions", t.Sessions, $"""
            <section class="panel flush"><div class="padded"><h2>{t.Sessions}</h2><p class="hint">{t.SessionsHint}</p></div>
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Sessions}"><table><thead><tr><th scope="col">{t.Browser}</th><th scope="col">{t.Address}</th><th scope="col">{t.LastSeen}</th><th scope="col"><span class="spoken">{t.Actions}</span></th></tr></thead>
            <tbody>{Html.Each(model.Logins, login => Login(shell, login))}</tbody></table></div></section>
            """);
    }

    private static Html TokenTable(Shell shell, SettingsModel model)
    {
        var t = shell.Texts;
        return $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{t.AccessTokens}"><table><thead><tr><th scope="col">{t.Name}</th><th scope="col">{t.Scope}</th><th scope="col">{t.Expires}</th><th scope="col">{t.LastUsed}</th><th scope="col"><span class="spoken">{t.Actions}</span></th></tr></thead>
            <tbody>{Html.Each(model.Tokens, token => TokenFields.Row(shell, token, token.Name, "/settings/tokens"))}</tbody></table></div>
            """;
    }

    private static Html Login(Shell shell, LoginRow login)
    {
        var t = shell.Texts;
        return $"""
            <tr><th scope="row">{login.Agent}{(login.Current ? (Html)$" <span class=\"badge good\">{t.ThisBrowser}</span>" : null)}</th><td><code>{login.Address}</code></td><td class="muted">{Parts.Ago(shell, login.Seen)}</td>
            <td class="row-actions">{Forms.Button(shell, "/settings/sessions/end", Forms.Hidden("id", login.Id), t.EndSession, $"{t.EndSession}: {login.Agent}")}</td></tr>
            """;
    }
}
