using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>A person or an organisation, and their repositories.</summary>
internal static class AccountPage
{
    public static Html Render(Shell shell, AccountModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, model.Name, $"""
            <div class="title-row">
            <div class="title account">{Avatar.Render(model.Name, large: true)}<div><h1>{(model.FullName.Length > 0 ? model.FullName : model.Name)}</h1><p class="muted">{model.Name} · {(model.Organisation ? t.Organisation : t.Person)} · {t.Since(model.Created)}</p></div></div>
            <div class="actions">{(model.MayCreate ? (Html)$"<a class=\"button quiet\" href=\"/new?account={model.Name}\">{t.NewRepository}</a>" : null)}{(model.MayAdminister && model.Organisation ? (Html)$"<a class=\"button quiet\" href=\"{Links.Organisation(model.Name, "settings")}\">{Icon.Gear}{t.Settings}</a>" : null)}{(model.MayLeave ? Forms.Button(shell, Links.Organisation(model.Name, "leave"), Html.Empty, t.LeaveOrganisation, null, "quiet") : null)}</div>
            </div>
            {(model.Description.Length > 0 ? (Html)$"<p class=\"lead\">{model.Description}</p>" : null)}
            {(model.Related.Count == 0 ? null : (Html)$"<section><h2>{(model.Organisation ? t.Members : t.Organisations)}</h2><p class=\"chips\">{Html.Each(model.Related, name => (Html)$"<a class=\"chip\" href=\"{Links.Account(name)}\">{Avatar.Render(name)}{name}</a>")}</p></section>")}
            <section><h2>{t.Repositories}</h2>{(model.Repositories.Count == 0 ? (Html)$"<p class=\"muted\">{t.NoRepositories}</p>" : Parts.Cards(shell, model.Repositories))}</section>
            {Parts.Pager(shell, model.Page, model.More, page => Links.Account(model.Name, page))}
            """);
    }
}
