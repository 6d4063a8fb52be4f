using Microsoft.AspNetCore.Http;
using Naru.Oci;

namespace Naru.HubServer.Http;

/// <summary>What has a digest never changes: it is its own entity tag (RFC 9110, section 13).</summary>
internal static class Conditions
{
    public static void Describe(HttpResponse response, Digest digest)
    {
        var text = digest.ToString();
        response.Headers["Docker-Content-Digest"] = text;
        response.Headers.ETag = $"\"{text}\"";
    }

    /// <summary>True when the client says that it has it already.</summary>
    public static bool Unchanged(HubCall call, Digest digest)
    {
        if (call.Header("If-None-Match") is not { } header)
            return false;
        var text = digest.ToString();
        foreach (var one in header.Split(','))
        {
            var tag = one.AsSpan().Trim();
            if (tag.StartsWith("W/"))
                tag = tag[2..];
            if (tag is "*" || tag.Trim('"').SequenceEqual(text))
                return true;
        }

        return false;
    }

    /// <summary>True when the client asks for a range of something else, by If-Range: then it gets all of this.</summary>
    public static bool Another(HubCall call, Digest digest) => call.Header("If-Range") is { } tag && tag.Trim() != $"\"{digest}\"";
}
