using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Api;
using Naru.HubServer.Operation;
using Naru.HubServer.Site;

namespace Naru.HubServer.Http;

/// <summary>What every request passes: who sent it, whose it is, how it fails.</summary>
/// <param name="registry">Serves <c>/v2/</c>.</param>
/// <param name="routes">Serve what else is a program's business.</param>
/// <param name="callers">Tell who it is.</param>
/// <param name="site">Serves everything else.</param>
internal sealed class HubServer(RegistryServer registry, RouteTable<Func<HubCall, Task>> routes, Callers callers, SiteServer site)
{
    private static readonly Dictionary<string, string> NoValues = [];

    public async Task Handle(HttpContext context)
    {
        // What people push is never to be run as a page of this site.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            // No text of a database holds it.
            if (context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
                throw new RegistryException(RegistryErrorCode.Unsupported, "invalid query", status: StatusCodes.Status400BadRequest);
            var path = context.Request.Path.Value ?? "/";
            var caller = await callers.Of(context, path);
            RequestRecord.Of(context).Caller = caller;
            if (IsBelow(path, "/v2") || IsBelow(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, "/v2"))
                await registry.Handle(new HubCall(context, caller, NoValues), path);
            else if (routes.Find(context.Request.Method, path) is { } found)
                await found.Endpoint(new HubCall(context, caller, found.Values));
            else if (path.StartsWith("/api/", StringComparison.Ordinal))
                throw NaruException.NotFound("no such endpoint");
            else
                await site.Handle(context, caller.Address);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
        }
        catch (Exception e)
        {
            await Failures.Answer(context, e, callers.Challenge(context));
        }
    }

    private static bool IsBelow(string path, string room) => path.StartsWith(room, StringComparison.Ordinal) && (path.Length == room.Length || path[room.Length] == '/');
}
