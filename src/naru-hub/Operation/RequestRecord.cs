using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Operation;

/// <summary>What is noted of a request while it is served, for figures and the access log.</summary>
internal sealed class RequestRecord(string id)
{
    /// <summary>The request's id, as in its <c>X-Request-Id</c>.</summary>
    public string Id { get; } = id;

    /// <summary>Who sent it; null until that is known.</summary>
    public Caller? Caller { get; set; }

    /// <summary>It showed the token that opens the figures.</summary>
    public bool Scrapes { get; set; }

    /// <summary>Bytes of the answer that were announced and never sent.</summary>
    public long Unsent { get; set; }

    /// <summary>Bytes of a body that did not say how long it is.</summary>
    public long Received { get; set; }

    /// <summary>That of a request; one of its own where none is kept.</summary>
    public static RequestRecord Of(HttpContext context) => context.Features.Get<RequestRecord>() ?? new RequestRecord(context.TraceIdentifier);
}
