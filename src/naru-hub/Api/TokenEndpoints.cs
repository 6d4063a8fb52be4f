using System.Globalization;
using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Http;

namespace Naru.HubServer.Api;

/// <summary><c>/token</c>: signed tokens, as distribution's "Token Authentication Specification" (GET) and "Oauth2 Token Authentication" (POST) have it.</summary>
internal sealed class TokenEndpoints(AccountRooms accounts, Callers callers)
{
    private const int LongestForm = 64 << 10;

    /// <summary>By basic authentication, or for nobody in particular.</summary>
    public async Task Get(HubCall call)
    {
        var service = Service(call, call.Query("service"));
        var wantsRefresh = call.Query("offline_token") is "true" or "1";
        var scopes = new List<string>();
        foreach (var scope in call.Request.Query["scope"])
        {
            if (scope is not null)
                scopes.Add(scope);
        }

        await Answer(call, await accounts.Desk.Issue(Known(call.Caller), service, scopes, wantsRefresh ? call.Query("client_id") ?? "unknown" : null, call.Cancel), null);
    }

    /// <summary>By a password or a refresh token in a form.</summary>
    public async Task Post(HubCall call)
    {
        if (!call.Request.HasFormContentType || call.Request.ContentLength is null or > LongestForm)
            throw new RegistryException(RegistryErrorCode.Unsupported, "a form is expected: application/x-www-form-urlencoded", status: StatusCodes.Status400BadRequest);
        var form = await call.Request.ReadFormAsync(call.Cancel);
        var service = Service(call, Text(form, "service"));
        var client = Text(form, "client_id") ?? "unknown";
        var scopes = Text(form, "scope") is { } scope ? [scope] : (IReadOnlyList<string>)[];
        var address = call.Caller.Address;
        switch (Text(form, "grant_type"))
        {
            case "password":
                var caller = await accounts.Authentication.ByPassword(Text(form, "username") ?? "", Text(form, "password") ?? "", address, call.Cancel);
                await Answer(call, await accounts.Desk.Issue(caller, service, scopes, Text(form, "access_type") == "offline" ? client : null, call.Cancel), null);
                break;
            case "refresh_token":
                var refresh = Text(form, "refresh_token") ?? "";
                await Answer(call, await accounts.Desk.Issue(await accounts.Desk.ByRefresh(refresh, address, call.Cancel), service, scopes, null, call.Cancel), refresh);
                break;
            default:
                throw new RegistryException(RegistryErrorCode.Unsupported, "grant_type must be password or refresh_token", status: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>A signed token gets no other: it would live for ever.</summary>
    private static Caller Known(Caller caller) => caller.Credential != Credential.Bearer ? caller
        : throw new RegistryException(RegistryErrorCode.Unauthorized, "a token is got by a password, a personal token or a refresh token");

    private static string? Text(IFormCollection form, string name) => form.TryGetValue(name, out var value) ? value.ToString() : null;

    private static Task Answer(HubCall call, TokenAnswer answer, string? refresh)
    {
        call.Response.Headers.CacheControl = "no-store";
        return call.Json(
            new TokenBody(answer.Token, answer.Token, answer.ExpiresIn, answer.Issued.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), answer.Refresh ?? refresh, answer.Scope),
            TokenJson.Default.TokenBody);
    }

    /// <summary>The registry's name; a client that wants a token for another is told so now, rather than at its next request.</summary>
    private string Service(HubCall call, string? asked)
    {
        var service = callers.Challenge(call.Context).Service;
        return string.IsNullOrEmpty(asked) || asked == service ? service
            : throw new RegistryException(RegistryErrorCode.Unsupported, $"this is the registry {service}", asked, StatusCodes.Status400BadRequest);
    }
}
