using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;

namespace Naru.HubServer.Http;

/// <summary>Who sends a request, by its Authorization header, and what a 401 tells them.</summary>
internal sealed class Callers(AccountRooms accounts, Uri? external)
{
    /// <summary>Where it comes from; behind a proxy that is trusted, what that says (<see cref="Operation.TrustedProxies"/>).</summary>
    public static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    public Challenge Challenge(HttpContext context) => Hub.Accounts.Challenge.Of(external, context.Request.Scheme, context.Request.Host.Value ?? "");

    /// <exception cref="RegistryException">UNAUTHORIZED or TOOMANYREQUESTS: what was sent to show who it is does not.</exception>
    public async ValueTask<Caller> Of(HttpContext context, string path)
    {
        var header = context.Request.Headers.Authorization;
        var address = Address(context);
        var caller = header.Count == 0
            ? Caller.Anonymous(address)
            : await accounts.Authentication.Identify(header.ToString(), address, Challenge(context).Service, context.RequestAborted);

        // Clients ask here whether there is somebody to sign in with; without a challenge they never would.
        if (path is "/v2/" or "/v2" && !accounts.Access.Open && caller.Credential == Credential.None)
            throw new RegistryException(RegistryErrorCode.Unauthorized, "authentication required");
        return caller;
    }
}
