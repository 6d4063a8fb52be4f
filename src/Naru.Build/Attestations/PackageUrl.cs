using System.Text;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>Images as package URLs: <c>pkg:docker/busybox@latest?platform=linux%2Famd64</c>.</summary>
/// <remarks>github.com/package-url/purl-spec; the qualifiers are BuildKit's.</remarks>
internal static class PackageUrl
{
    /// <param name="platform">Null: the name alone.</param>
    /// <param name="type"><c>oci</c> for what is in no registry.</param>
    public static string Of(ImageReference image, Platform? platform, string type = "docker")
    {
        var url = new StringBuilder($"pkg:{type}/").Append(image.FamiliarName);
        if (image.Tag is { } tag)
            url.Append('@').Append(tag);
        else if (image.Digest.IsEmpty)
            url.Append('@').Append(ImageReference.DefaultTag);
        var separator = '?';
        if (!image.Digest.IsEmpty)
        {
            url.Append("?digest=").Append(image.Digest);
            separator = '&';
        }

        if (platform is not null)
            url.Append(separator).Append("platform=").Append(Uri.EscapeDataString(platform.Normalise().ToString()));
        return url.ToString();
    }
}
