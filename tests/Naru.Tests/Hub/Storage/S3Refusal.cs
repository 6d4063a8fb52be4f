namespace Naru.Tests.Hub.Storage;

/// <summary>An error of S3's: "Error Responses" in its API reference.</summary>
public sealed class S3Refusal(int status, string code) : Exception(code)
{
    public int Status => status;
}
