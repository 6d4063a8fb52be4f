namespace Naru.Linux;

/// <summary>One extended attribute; the name as bytes without a NUL.</summary>
public sealed record TreeXattr(byte[] Name, byte[] Value);
