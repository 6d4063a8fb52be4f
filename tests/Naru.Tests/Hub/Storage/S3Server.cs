namespace Naru.Tests.Hub.Storage;

public sealed class S3Server
{
    public static string? Missing => null;
}
