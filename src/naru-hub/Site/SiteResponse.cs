using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site;

/// <summary>How answers of the site leave: with the headers that keep a page from doing what was not written into it.</summary>
internal static class SiteResponse
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The headers that every answer has.</summary>
    public static void Guard(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }

    public static Task Page(HttpContext context, Html page, int status = StatusCodes.Status200OK)
    {
        // What a page shows depends on who looks and in which language.
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = "Cookie, Accept-Language";
        return Send(context, Encoding.UTF8.GetBytes(page.ToString()), "text/html; charset=utf-8", status);
    }

    /// <summary>JSON for the program in the page.</summary>
    public static Task Json(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
            write(writer);
        context.Response.Headers.CacheControl = "private, no-cache";
        return Send(context, memory.ToArray(), "application/json", StatusCodes.Status200OK);
    }

    /// <summary>Goes on to a page of this site, by GET.</summary>
    public static Task Redirect(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static async Task Send(HttpContext context, byte[] content, string type, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
