namespace Naru.Tests.Hub.Storage;

/// <summary>What a bucket has under a key.</summary>
public sealed record S3Object(byte[] Content, DateTime Changed);
