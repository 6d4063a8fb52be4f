using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>Makes a repository before its first push.</summary>
internal static class NewRepositoryPage
{
    public static Html Render(Shell shell, NewRepositoryModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, t.NewRepository, $"""
            <section class="narrow"><h1>{t.NewRepository}</h1><p class="hint">{t.NewRepositoryHint}</p>
            <form class="panel stack" method="post" action="/new">{Forms.Token(shell)}
            {Forms.Failure(model.Failure)}
            {Forms.Field("name", t.RepositoryName, model.Name, $"required autofocus maxlength=\"255\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"")}
            {Forms.Field("description", t.Description, model.Description, $"maxlength=\"200\"", t.DescriptionHint)}
            {RepositorySettingsPage.Visibility(shell, model.Private)}
            <button class="button">{t.Create}</button></form></section>
            """);
    }
}
