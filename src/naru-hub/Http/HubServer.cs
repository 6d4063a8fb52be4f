using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.HubServer.Api;

namespace Naru.HubServer.Http;

/// <summary>What every request passes: who sent it, whose it is, how it fails.</summary>
/// <param name="registry">Serves <c>/v2/</c>.</param>
/// <param name="routes">Serve what else is a program's business.</param>
internal sealed class HubServer(RegistryServer registry, RouteTable<Func<HubCall, Task>> routes)
{
    private static readonly Dictionary<string, string> NoValues = [];

    public async Task Handle(HttpContext context)
    {
        try
        {
            var path = context.Request.Path.Value ?? "/";
            var caller = Caller.Anonymous(context.Connection.RemoteIpAddress?.ToString() ?? "");
            if (path.StartsWith("/v2", StringComparison.Ordinal) && (path.Length == 3 || path[3] == '/'))
                await registry.Handle(new HubCall(context, caller, NoValues), path);
            else if (routes.Find(context.Request.Method, path) is { } found)
                await found.Endpoint(new HubCall(context, caller, found.Values));
            else
                throw NaruException.NotFound("page not found");
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
        }
        catch (Exception e)
        {
            await Failures.Answer(context, e);
        }
    }
}
