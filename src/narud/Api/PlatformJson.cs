using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Daemon.Api;

/// <summary>A platform as a query parameter: <c>{"os":"linux","architecture":"arm64"}</c>.</summary>
internal static class PlatformJson
{
    /// <returns>Null when there is none.</returns>
    /// <exception cref="NaruException">InvalidArgument, with Docker's text.</exception>
    public static Platform? Read(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        try
        {
            var platform = JsonSerializer.Deserialize(json, OciJson.Default.Platform);
            if (platform is { Os: { Length: > 0 }, Architecture: { Length: > 0 } })
                return platform.Normalise();
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, "failed to parse platform", e);
        }

        throw NaruException.Invalid("both OS and Architecture must be provided");
    }
}
