using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Naru.HubServer.Site;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.Tests.Hub.Site;

/// <summary>Every page of the site on a port of this machine, with <see cref="SampleModels"/> in it, sent as the program itself sends them.</summary>
internal sealed class SampleSite : IAsyncDisposable
{
    private readonly AssetFiles assets = new();
    private readonly WebApplication app;

    private SampleSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(Handle);
    }

    public string Address { get; private set; } = "";

    public static async Task<SampleSite> Start()
    {
        var site = new SampleSite();
        await site.app.StartAsync();
        site.Address = site.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return site;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Handle(HttpContext context)
    {
        SiteResponse.Guard(context);
        var path = context.Request.Path.Value ?? "/";
        if (await assets.Send(context))
            return;
        if (path == "/language")
        {
            context.Response.Cookies.Append(LanguageChoice.Cookie, context.Request.Form["language"].ToString());
            await SiteResponse.Redirect(context, Links.Local(context.Request.Form["next"].ToString()));
        }
        else if (path == "/search.json")
            await SiteResponse.Json(context, writer => SiteJson.Found(writer, Shell(context), SampleModels.Search.Found));
        else if (path.EndsWith("/-/files", StringComparison.Ordinal))
            await SiteResponse.Json(context, writer => SiteJson.Files(writer, Shell(context), Files(context)));
        else
            await SiteResponse.Page(context, Page(Shell(context), path), path == "/missing" ? 404 : 200);
    }

    private static FilesModel Files(HttpContext context)
    {
        if (context.Request.Query["filter"].ToString() is not { Length: > 0 } filter)
            return SampleModels.Files(context.Request.Query["path"].ToString());
        List<FileRow> found = [];
        foreach (var folder in (string[])["etc", "srv", "srv/weather", "srv/static"])
            found.AddRange(SampleModels.Files(folder).Entries.Where(entry => entry.Path.Contains(filter, StringComparison.Ordinal)).Select(entry => entry with { Name = entry.Path }));
        return SampleModels.Files("") with { Entries = found };
    }

    private Shell Shell(HttpContext context) => new()
    {
        Texts = Texts.Of(LanguageChoice.Of(context.Request.Cookies[LanguageChoice.Cookie], context.Request.Headers.AcceptLanguage)),
        Viewer = context.Request.Query.ContainsKey("anonymous") ? null : "keeper",
        Admin = true,
        Csrf = "sample",
        Host = "hub.example.org",
        Path = context.Request.Path + context.Request.QueryString,
        Now = SampleModels.Now,
        Assets = assets.Links,
        Query = context.Request.Query["q"].ToString(),
    };

    private static Html Page(Shell shell, string path) => path switch
    {
        "/" => HomePage.Render(shell, SampleModels.Home),
        "/empty" => HomePage.Render(shell, new HomeModel([], [], 0)),
        "/search" => SearchPage.Render(shell, SampleModels.Search with { Query = shell.Query }),
        "/nothing" => SearchPage.Render(shell, new SearchModel("nothing", [], 1, false)),
        "/r/harbour/weather" => RepositoryPage.Render(shell, SampleModels.Repository),
        "/r/harbour/weather:2.4" => TagPage.Render(shell, SampleModels.Image),
        "/r/harbour/weather/-/compare" => ComparePage.Render(shell, SampleModels.Compare),
        "/r/harbour/weather/-/settings" => RepositorySettingsPage.Render(shell, SampleModels.RepositorySettings),
        "/u/harbour" => AccountPage.Render(shell, SampleModels.Account),
        "/u/harbour/teams" => TeamsPage.Render(shell, SampleModels.Teams),
        "/sign-in" => SignPages.SignIn(shell, new SignModel(Failure: shell.Texts.WrongPassword)),
        "/sign-up" => SignPages.SignUp(shell, new SignModel()),
        "/new" => NewRepositoryPage.Render(shell, new NewRepositoryModel("keeper/")),
        "/settings" => SettingsPages.Profile(shell with { Notice = shell.Texts.Saved }, SampleModels.Settings),
        "/settings/password" => SettingsPages.Password(shell, SampleModels.Settings),
        "/settings/tokens" => SettingsPages.Tokens(shell, SampleModels.Settings),
        "/settings/sessions" => SettingsPages.Sessions(shell, SampleModels.Settings),
        "/settings/robots" => SettingsPages.Robots(shell, SampleModels.Robots with { Account = "keeper", NewName = "keeper+crane" }),
        "/settings/activity" => SettingsPages.Activity(shell, SampleModels.Audit),
        "/u/harbour/settings" => OrganisationPages.Settings(shell, SampleModels.Organisation),
        "/u/harbour/robots" => OrganisationPages.Robots(shell, SampleModels.Robots with { NewToken = null, Failure = shell.Texts.WrongPassword }),
        "/u/harbour/activity" => OrganisationPages.Activity(shell, "harbour", SampleModels.Audit),
        "/admin" => AdminPages.Storage(shell, SampleModels.Admin),
        "/admin/audit" => AdminPages.Audit(shell, SampleModels.Audit),
        "/admin/users/pilot" => AccountAdminPage.Render(shell, SampleModels.AccountAdmin),
        "/admin/users" => AdminPages.Users(shell, SampleModels.Users),
        _ => ErrorPage.Render(shell, 404),
    };
}
