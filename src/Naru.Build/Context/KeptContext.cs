namespace Naru.Build.Context;

/// <summary>A client's folder that is kept between builds.</summary>
/// <param name="Size">Bytes of its files' contents.</param>
public sealed record KeptContext(string Id, long Size, DateTimeOffset Created, DateTimeOffset LastUsed, bool InUse);
