using System.Text.Json;

namespace Naru.Cli.Build.Solve;

/// <summary>An image in a folder with OCI's layout: <c>oci-layout://FOLDER[:TAG][@DIGEST]</c>.</summary>
internal sealed record LayoutReference(string Folder, string Digest)
{
    public const string Scheme = "oci-layout://";

    private const string NameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>Finds the digest of a tag (latest, where none is said); a layout of one image needs no tag.</summary>
    /// <exception cref="NaruException">There is no such folder or image.</exception>
    public static LayoutReference Resolve(string text)
    {
        var rest = text[Scheme.Length..];
        var at = rest.IndexOf('@');
        var digest = at < 0 ? "" : rest[(at + 1)..];
        rest = at < 0 ? rest : rest[..at];
        var colon = rest.IndexOf(':');
        var (folder, tag) = colon < 0 ? (rest, "latest") : (rest[..colon], rest[(colon + 1)..]);
        if (digest.Length > 0)
            return Directory.Exists(folder) ? new LayoutReference(folder, digest) : throw Unresolved(text, $"stat {folder}: no such file or directory");
        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
            return new LayoutReference(folder, Find(index.RootElement.GetProperty("manifests"), tag) ?? throw Unresolved(text, "no such image in index.json"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unresolved(text, e.Message);
        }
    }

    private static string? Find(JsonElement manifests, string tag)
    {
        string? only = null;
        foreach (var manifest in manifests.EnumerateArray())
        {
            only = manifest.GetProperty("digest").GetString();
            if (manifest.TryGetProperty("annotations", out var annotations) && annotations.TryGetProperty(NameAnnotation, out var name)
                && (name.GetString() == tag || name.GetString()?.EndsWith(":" + tag, StringComparison.Ordinal) == true))
                return only;
        }

        return manifests.GetArrayLength() == 1 ? only : null;
    }

    private static NaruException Unresolved(string text, string why) => NaruException.Invalid($"oci-layout reference {GoText.Quote(text)} could not be resolved: {why}");
}
