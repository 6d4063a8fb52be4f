namespace Naru.Linux;

/// <summary>An element of a map: key and value in network order, each part of a concatenation padded to 4 bytes; no value where only the key counts.</summary>
public sealed record NftablesElement(byte[] Key, byte[]? Value);
