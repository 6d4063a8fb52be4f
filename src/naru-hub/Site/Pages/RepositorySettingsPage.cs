using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>What the administrators of a repository may change.</summary>
internal static class RepositorySettingsPage
{
    public static Html Render(Shell shell, RepositorySettingsModel model)
    {
        var t = shell.Texts;
        var action = Links.RepositorySettings(model.Name);
        return Layout.Page(shell, $"{t.Settings} · {model.Name}", $"""
            <p class="crumbs"><a href="{Links.Repository(model.Name)}">{model.Name}</a></p>
            <h1>{t.RepositorySettings}</h1>
            {Forms.Failure(model.Failure)}
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "save")}
            <h2>{t.General}</h2>
            {Forms.Field("description", t.Description, model.Description, $"maxlength=\"200\"", t.DescriptionHint)}
            {Forms.Area("readme", t.Readme, model.Readme, 12, t.ReadmeHint)}
            {(shell.Open ? null : Visibility(shell, model.Private))}
            <button class="button">{t.Save}</button></form>
            {(shell.Open ? null : Collaborators(shell, model, action))}
            {Webhooks(shell, model, action)}
            <form class="panel stack danger" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "delete")}
            <h2>{t.DeleteRepository}</h2><p class="hint">{t.DeleteRepositoryHint}</p>
            {Forms.Field("confirm", t.RepositoryName, "", $"required placeholder=\"{model.Name}\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}
            <button class="button bad">{t.DeleteRepository}</button></form>
            """);
    }

    /// <summary>The choice between public and private.</summary>
    public static Html Visibility(Shell shell, bool isPrivate)
    {
        var t = shell.Texts;
        return $"""
            <fieldset class="field"><legend>{t.Visibility}</legend>
            <label class="choice"><input type="radio" name="visibility" value="public"{(isPrivate ? null : (Html)$" checked")}><span><b>{t.Public}</b><span class="hint">{t.PublicHint}</span></span></label>
            <label class="choice"><input type="radio" name="visibility" value="private"{(isPrivate ? (Html)$" checked" : null)}><span><b>{t.Private}</b><span class="hint">{t.PrivateHint}</span></span></label>
            </fieldset>
            """;
    }

    private static Html Collaborators(Shell shell, RepositorySettingsModel model, string action)
    {
        var t = shell.Texts;
        return $"""
            <section class="panel flush"><div class="padded"><h2>{t.Collaborators}</h2></div>
            {(model.Collaborators.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoCollaborators}</p>" : null)}
            <ul class="people">{Html.Each(model.Collaborators, one => (Html)$"<li>{Avatar.Render(one.Name)}<a href=\"{Links.Account(one.Name)}\">{one.Name}</a><span class=\"badge\">{t.Level(one.Level)}</span>{TeamsPage.Remove(shell, action, "remove-collaborator", one.Name, null)}</li>")}</ul>
            {TeamsPage.AddForm(shell, action, "add-collaborator", "person", null, t.UserName, TeamsPage.Levels(shell, "level"))}
            </section>
            """;
    }

    private static Html Webhooks(Shell shell, RepositorySettingsModel model, string action)
    {
        var t = shell.Texts;
        return $"""
            <section class="panel flush"><div class="padded"><h2>{t.Webhooks}</h2><p class="hint">{t.WebhooksHint}</p></div>
            {(model.Webhooks.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoWebhooks}</p>" : null)}
            <ul class="people">{Html.Each(model.Webhooks, hook => Webhook(shell, action, hook))}</ul>
            <form class="stack padded" method="post" action="{action}">{Forms.Token(shell)}{Forms.Hidden("do", "add-webhook")}
            {Forms.Field("url", t.WebhookUrl, "", $"required type=\"url\" maxlength=\"2000\" autocomplete=\"off\"")}
            <div class="fields">{Forms.Field("secret", t.WebhookSecret, "", $"required type=\"password\" autocomplete=\"new-password\" maxlength=\"200\"")}
            {Forms.Select("events", t.Events, "push,delete", ["push,delete", t.EventsBoth, "push", t.EventsPush, "delete", t.EventsDelete])}</div>
            <button class="button quiet">{t.Add}</button></form></section>
            """;
    }

    private static Html Webhook(Shell shell, string action, WebhookRow hook)
    {
        var t = shell.Texts;
        Html id = $"""<input type="hidden" name="id" value="{hook.Id}">""";
        return $"""
            <li><code class="grow">{hook.Url}</code>{(hook.Active ? null : (Html)$"<span class=\"badge bad\">{t.Disabled}</span>")}<span class="badge">{t.EventsName(hook.Events)}</span>{Outcome(hook.LastStatus, hook.LastFailure)}<span class="row-actions">{Forms.Button(shell, action, $"{Forms.Hidden("do", hook.Active ? "disable-webhook" : "enable-webhook")}{id}", hook.Active ? t.Disable : t.Enable, $"{(hook.Active ? t.Disable : t.Enable)}: {hook.Url}", "ghost small")}{TeamsPage.Remove(shell, action, "remove-webhook", hook.Url, id)}</span>
            {(hook.Deliveries.Count == 0 ? null : (Html)$"<details class=\"deliveries\"><summary>{t.Deliveries}</summary><ul>{Html.Each(hook.Deliveries, delivery => Delivery(shell, action, delivery))}</ul></details>")}</li>
            """;
    }

    private static Html Delivery(Shell shell, string action, DeliveryRow delivery)
    {
        var t = shell.Texts;
        return $"""
            <li><span class="muted">{Parts.Ago(shell, delivery.Created)}</span><span>{t.EventsName(delivery.Event)}</span>{Outcome(delivery.Status, delivery.Failure)}{(delivery.Waiting ? (Html)$"<span class=\"muted\">{t.DeliveryWaits(delivery.Attempts)}</span>" : null)}{Forms.Button(shell, action, $"{Forms.Hidden("do", "redeliver")}<input type=\"hidden\" name=\"delivery\" value=\"{delivery.Id}\">", t.SendAgain, null, "ghost small")}</li>
            """;
    }

    private static Html? Outcome(long? status, string? failure) => (status, failure) switch
    {
        ({ } code, _) => $"""<span class="badge {(code is >= 200 and < 300 ? "good" : "bad")}">{code}</span>""",
        (_, { } why) => $"""<span class="badge bad">{why}</span>""",
        _ => null,
    };
}
