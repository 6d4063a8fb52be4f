using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Browsers;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site;

/// <summary>One request for a page: who looks, what the form holds, how it is answered.</summary>
internal sealed class SiteCall(HttpContext context, Shell shell, Caller caller, SignedIn? signedIn)
{
    /// <summary>The cookie of a browser that is signed in.</summary>
    public const string SessionCookie = "naru_session";

    /// <summary>The cookie that forms of a browser which is not signed in are held against.</summary>
    private const string FormCookie = "naru_form";

    private const int LargestForm = 1 << 20;

    private IFormCollection? form;

    public HttpContext Context => context;

    public Caller Caller => caller;

    public SignedIn? SignedIn => signedIn;

    public CancellationToken Cancel => context.RequestAborted;

    public Texts Texts => shell.Texts;

    public bool IsPost => HttpMethods.IsPost(context.Request.Method);

    public Shell Shell => shell;

    /// <summary>The shell of a page with forms for those who are not signed in either: with the value that they must send back, and its cookie.</summary>
    public Shell FormShell()
    {
        if (signedIn is not null)
            return shell;
        if (context.Request.Cookies[FormCookie] is not { Length: > 20 } cookie)
        {
            cookie = Csrf.NewCookie();
            context.Response.Cookies.Append(FormCookie, cookie, Options(SameSiteMode.Strict));
        }

        return shell with { Csrf = Csrf.Token(cookie) };
    }

    public string Query(string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString().Trim() : "";

    /// <summary>The page that is asked for, from 1 on.</summary>
    public int PageNumber() => int.TryParse(Query("page"), out var page) && page is > 0 and < 10_000 ? page : 1;

    /// <summary>A field of the form that was sent; empty for one that is missing.</summary>
    public string Field(string name) => form is not null && form.TryGetValue(name, out var value) ? value.ToString() : "";

    /// <summary>The first field whose name is <paramref name="name"/>, or that and a number behind a hyphen: forms of one kind that stand on a page several times.</summary>
    public string FieldLike(string name)
    {
        foreach (var pair in form ?? FormCollection.Empty)
        {
            if (pair.Key == name || (pair.Key.StartsWith(name, StringComparison.Ordinal) && pair.Key.Length > name.Length && pair.Key[name.Length] == '-'))
                return pair.Value.ToString().Trim();
        }

        return "";
    }

    /// <summary>Reads the form of a POST, which must come from a page of this site.</summary>
    /// <exception cref="NaruException">PermissionDenied: it comes from elsewhere, or its page was of another session; InvalidArgument: it is no form.</exception>
    public async ValueTask ReadForm(bool guarded = true)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestForm;
        if (!context.Request.HasFormContentType)
            throw new RefusedException(Refusal.FormExpired, ErrorKind.InvalidArgument, "the form was opened too long ago: reload the page and send it again");
        form = await context.Request.ReadFormAsync(new FormOptions { BufferBody = false, ValueLengthLimit = LargestForm, ValueCountLimit = 200, MultipartBodyLengthLimit = LargestForm }, Cancel);
        if (!guarded)
            return;
        var origin = context.Request.Headers.Origin.ToString();
        var elsewhere = origin.Length > 0 && origin != "null" && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == context.Request.Host.Value);
        var cookie = context.Request.Cookies[signedIn is null ? FormCookie : SessionCookie];
        if (elsewhere || !Csrf.IsValid(cookie, Field("csrf")))
            throw new RefusedException(Refusal.FormExpired, ErrorKind.PermissionDenied, "the form was opened too long ago: reload the page and send it again");
    }

    public Task Page(Html page, int status = StatusCodes.Status200OK) => SiteResponse.Page(context, page, status);

    public Task Redirect(string path) => SiteResponse.Redirect(context, path);

    /// <summary>Signs the browser in or, with null, out.</summary>
    public void SetSession(NewLogin? login)
    {
        if (login is null)
            context.Response.Cookies.Delete(SessionCookie, Options(SameSiteMode.Lax));
        else
            context.Response.Cookies.Append(SessionCookie, login.Cookie, Options(SameSiteMode.Lax, login.Expires));
    }

    public void SetLanguage(Language language) =>
        context.Response.Cookies.Append(LanguageChoice.Cookie, Texts.Of(language).Code, Options(SameSiteMode.Lax, DateTime.UtcNow.AddYears(1)));

    private CookieOptions Options(SameSiteMode sameSite, DateTime? expires = null) =>
        new() { HttpOnly = true, SameSite = sameSite, Secure = context.Request.IsHttps, Path = "/", Expires = expires is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null };
}
