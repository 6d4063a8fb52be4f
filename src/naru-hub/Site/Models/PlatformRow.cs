namespace Naru.HubServer.Site.Models;

/// <summary>One platform of a tag.</summary>
/// <param name="Name"><c>linux/arm64/v8</c>.</param>
/// <param name="Size">Compressed bytes that a pull transfers.</param>
internal sealed record PlatformRow(string Name, string Digest, long Size);
