using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.HubServer.Http;

namespace Naru.HubServer.Operation;

/// <summary>Who may see the figures: administrators, and by setting this machine, everybody, or nobody; and who shows the token.</summary>
internal sealed class MetricsAccess
{
    private readonly string mode;
    private readonly byte[]? token;

    /// <param name="mode"><c>local</c>, <c>all</c> or <c>off</c>.</param>
    /// <param name="tokenFile">Holds the token that a scraper shows as its bearer token; empty for none.</param>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public MetricsAccess(string mode, string tokenFile)
    {
        this.mode = mode is "local" or "all" or "off" ? mode : throw NaruException.Invalid($"--metrics must be local, all or off, not \"{mode}\"");
        if (tokenFile.Length == 0)
            return;
        try
        {
            token = Encoding.UTF8.GetBytes(File.ReadAllText(tokenFile).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"--metrics-token-file: {e.Message}", e);
        }

        if (token.Length < 16)
            throw NaruException.Invalid($"{tokenFile}: a token for /metrics must have 16 characters or more");
    }

    /// <summary>Whether a request for the figures shows the token.</summary>
    public bool IsToken(HttpRequest request) => token is not null && request.Path.Value == "/metrics" && request.Headers.Authorization.ToString() is var shown
        && shown.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown["Bearer ".Length..].Trim()), token);

    /// <exception cref="NaruException">NotFound: they are not for this caller, who is not told that there are any.</exception>
    public void Check(HubCall call)
    {
        var allowed = mode switch
        {
            "off" => false,
            "all" => true,
            _ => IsLocal(call) || (call.Caller.Admin && call.Caller.MayManage) || RequestRecord.Of(call.Context).Scrapes,
        };
        if (!allowed)
            throw NaruException.NotFound("page not found");
    }

    /// <summary>From this machine itself. What a proxy on this machine passes on, and nobody said that it is one, comes from anywhere.</summary>
    private static bool IsLocal(HubCall call) => call.Context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && call.Header("X-Forwarded-For") is null && call.Header("Forwarded") is null && call.Header("Via") is null && call.Header("X-Real-IP") is null;
}
