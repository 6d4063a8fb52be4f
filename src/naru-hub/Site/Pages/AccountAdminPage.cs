using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>One account, for those who run the registry: what it holds and may hold, a new password, its end.</summary>
internal static class AccountAdminPage
{
    public static Html Render(Shell shell, AccountAdminModel model)
    {
        var t = shell.Texts;
        var user = model.User;
        var action = Links.AdminAccount(user.Name);
        return SettingsFrame.Administration(shell, "/admin/users", user.Name, $"""
            <section class="panel lead-in"><div class="title account">{Avatar.Render(user.Name, large: true)}<div><h2>{user.Name}</h2><p class="muted">{(user.Organisation ? t.Organisation : t.Person)}{(user.FullName.Length > 0 ? $" · {user.FullName}" : "")}{(user.Email.Length > 0 ? $" · {user.Email}" : "")} · {t.Since(user.Created)}</p>{(user.Disabled ? (Html)$"<span class=\"badge bad\">{t.Disabled}</span>" : null)}{(user.Admin ? (Html)$"<span class=\"badge\">{t.Administrator}</span>" : null)}</div></div>
            <div class="actions"><a class="button quiet small" href="{Links.Account(user.Name)}">{t.Repositories}</a><a class="button quiet small" href="/admin/audit?account={Uri.EscapeDataString(user.Name)}">{t.AuditTrail}</a>{(user.Organisation || user.Name == shell.Viewer ? null : Decisions(shell, user, action))}</div></section>
            {Forms.Failure(model.Failure)}
            <dl class="figures">{Figure(t.Storage, t.Size(model.Quota.Used))}{Figure(t.Repositories, t.Number(model.Repositories))}{Figure(t.AccessTokens, t.Number(model.Tokens))}</dl>
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "quota")}
            <h2>{t.Quota}</h2>{Quota.Line(shell, model.Quota)}
            {Forms.Field("quota", t.QuotaLabel, model.OwnLimit, $"maxlength=\"40\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"20 GB\"", t.QuotaHint)}
            <button class="button">{t.Save}</button></form>
            {(user.Organisation || user.Name == shell.Viewer ? null : Password(shell, action))}
            {(user.Name == shell.Viewer ? null : Delete(shell, model, action))}
            """);
    }

    private static Html Figure(string name, string value) => $"""<div class="figure"><dt>{name}</dt><dd>{value}</dd></div>""";

    private static Html Decisions(Shell shell, UserRow user, string action)
    {
        var t = shell.Texts;
        return $"""
            {Forms.Button(shell, action, Forms.Hidden("do", user.Disabled ? "enable" : "disable"), user.Disabled ? t.Enable : t.Disable)}{Forms.Button(shell, action, Forms.Hidden("do", user.Admin ? "demote" : "promote"), user.Admin ? t.RevokeAdmin : t.MakeAdmin)}
            """;
    }

    private static Html Password(Shell shell, string action)
    {
        var t = shell.Texts;
        return $"""
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "password")}
            <h2>{t.SetPassword}</h2><p class="hint">{t.SetPasswordHint}</p>
            {Forms.Field("password", t.NewPassword, "", $"required type=\"password\" autocomplete=\"new-password\" minlength=\"8\" maxlength=\"1024\"", t.PasswordHint)}
            <button class="button quiet">{t.SetPassword}</button></form>
            """;
    }

    private static Html Delete(Shell shell, AccountAdminModel model, string action)
    {
        var t = shell.Texts;
        return $"""
            <form class="panel stack danger" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "delete")}
            <h2>{t.DeleteAccount}</h2><p class="hint">{t.DeleteAccountHint(model.Repositories)}</p>
            {Forms.Field("confirm", t.AccountName, "", $"required placeholder=\"{model.User.Name}\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}
            <button class="button bad">{t.DeleteAccount}</button></form>
            """;
    }
}
