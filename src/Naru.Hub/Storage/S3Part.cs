namespace Naru.Hub.Storage;

/// <summary>A part of a multipart upload that the storage has.</summary>
/// <param name="Tag">Its ETag: by it, and not by its number alone, it is named at the end, so that nobody else's part takes its place.</param>
internal sealed record S3Part(long Size, string Tag);
