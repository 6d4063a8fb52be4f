using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>An organisation, for its owners: what it is called, its robots, what happened in it. Its people are in <see cref="TeamsPage"/>.</summary>
internal static class OrganisationPages
{
    public static Html Settings(Shell shell, OrganisationModel model)
    {
        var t = shell.Texts;
        var action = Links.Organisation(model.Name, "settings");
        return SettingsFrame.Organisation(shell, model.Name, "settings", t.General, $"""
            {Forms.Failure(model.Failure)}
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "save")}
            <h2>{t.General}</h2>
            {Forms.Field("full_name", t.FullName, model.FullName, $"autocomplete=\"off\" maxlength=\"100\"", t.OrganisationNameShown)}
            {Forms.Field("description", t.Description, model.Description, $"maxlength=\"200\"", t.AccountDescriptionHint)}
            {Forms.Field("email", t.Email, model.Email, $"type=\"email\" autocomplete=\"off\" maxlength=\"254\"", t.OrganisationEmailHint)}
            {Forms.Check("private_default", t.PrivateByDefault, model.PrivateByDefault, t.PrivateByDefaultHint)}
            <button class="button">{t.Save}</button></form>
            {Quota.Panel(shell, model.Quota)}
            <form class="panel stack danger" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "delete")}
            <h2>{t.DeleteOrganisation}</h2><p class="hint">{t.DeleteOrganisationHint(model.Repositories)}</p>
            {Forms.Field("confirm", t.OrganisationName, "", $"required placeholder=\"{model.Name}\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}
            <button class="button bad">{t.DeleteOrganisation}</button></form>
            """);
    }

    public static Html Robots(Shell shell, RobotsModel model) =>
        SettingsFrame.Organisation(shell, model.Account, "robots", shell.Texts.Robots, Components.Robots.Render(shell, model, Links.Organisation(model.Account, "robots")));

    public static Html Activity(Shell shell, string name, AuditModel model)
    {
        var t = shell.Texts;
        return SettingsFrame.Organisation(shell, name, "activity", t.Activity, $"""
            <section class="panel flush"><div class="padded"><h2>{t.Activity}</h2><p class="hint">{t.OrganisationActivityHint}</p></div>{Events.Render(shell, model)}</section>
            {Events.Pager(shell, model, Links.Organisation(name, "activity"))}
            """);
    }
}
