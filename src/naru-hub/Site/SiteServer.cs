using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Operation;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Pages;
using Naru.HubServer.Site.Routes;

namespace Naru.HubServer.Site;

/// <summary>The web site: every request that is no program's business. Pages are whole when they leave here; the programs in them only make them quicker to use.</summary>
/// <param name="accounts">Whose browser it is.</param>
/// <param name="routes">Which page belongs to a path, in the order in which they are asked.</param>
internal sealed class SiteServer(AccountRooms accounts, AssetFiles assets, IReadOnlyList<ISiteRoutes> routes)
{
    /// <param name="address">Where the request comes from.</param>
    public async Task Handle(HttpContext context, string address)
    {
        SiteResponse.Guard(context);
        if (await assets.Send(context))
            return;
        var path = context.Request.Path.Value ?? "/";
        if (path == "/favicon.ico")
        {
            await SiteResponse.Redirect(context, assets.Links.Favicon);
            return;
        }

        var call = await Open(context, path, address);
        try
        {
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !call.IsPost)
            {
                context.Response.Headers.Allow = "GET, HEAD, POST";
                await call.Page(ErrorPage.Render(call.Shell, StatusCodes.Status405MethodNotAllowed), StatusCodes.Status405MethodNotAllowed);
                return;
            }

            foreach (var route in routes)
            {
                if (await route.TryHandle(call, path))
                    return;
            }

            await call.Page(ErrorPage.Render(call.Shell, 404), 404);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Fail(call, path, e);
        }
    }

    private async ValueTask<SiteCall> Open(HttpContext context, string path, string address)
    {
        var request = context.Request;
        var signedIn = accounts.Access.Open ? null : await accounts.Logins.Identify(request.Cookies[SiteCall.SessionCookie], address, context.RequestAborted);
        var shell = new Shell
        {
            Texts = Texts.Of(LanguageChoice.Of(request.Cookies[LanguageChoice.Cookie], request.Headers.AcceptLanguage)),
            Viewer = signedIn?.Caller.Name,
            Csrf = signedIn?.Form ?? "",
            Admin = signedIn?.Caller.Admin == true,
            Open = accounts.Access.Open,
            Path = HttpMethods.IsPost(request.Method) ? path : path + request.QueryString.Value,
            Host = request.Host.Value ?? "localhost",
            Query = request.Query.TryGetValue("q", out var query) && path is "/search" ? query.ToString() : "",
            Assets = assets.Links,
        };
        shell = shell with { Notice = Notice(shell.Texts, request.Query.TryGetValue("done", out var done) ? done.ToString() : "") };
        var caller = signedIn?.Caller ?? Caller.Anonymous(address);
        RequestRecord.Of(context).Caller = caller;
        return new SiteCall(context, shell, caller, signedIn);
    }

    /// <summary>What a page says when a form brought its reader here.</summary>
    private static string? Notice(Texts t, string done) => done switch
    {
        "saved" => t.Saved,
        "password" => t.PasswordChanged,
        "tag" => t.TagDeleted,
        "repository" => t.RepositoryDeleted,
        "left" => t.OrganisationLeft,
        "organisation" => t.OrganisationDeleted,
        "account" => t.AccountDeleted,
        _ => null,
    };

    private static async Task Fail(SiteCall call, string path, Exception failure)
    {
        var status = failure switch
        {
            RegistryException { Status: 401 } => 404,
            RegistryException known => known.Status,
            NaruException known => ErrorTables.ToHttp(known.Kind),
            BadHttpRequestException bad => bad.StatusCode,
            InvalidDataException => 400,
            _ => 500,
        };
        if (status == 401)
        {
            await call.Redirect(Links.SignIn(call.Shell.Path));
            return;
        }

        if (status >= 500)
            Log.Error($"{call.Context.Request.Method} {path}: {failure}");
        await call.Page(ErrorPage.Render(call.Shell, status, status is 404 or >= 500 ? null : failure is NaruException told ? FormFailure.Text(call.Shell.Texts, told) : failure.Message), status);
    }
}
