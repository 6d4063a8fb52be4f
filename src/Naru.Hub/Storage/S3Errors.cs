using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>What S3 and the way to it report, as the storage's own errors.</summary>
internal static class S3Errors
{
    public static bool Is(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or WebException;

    public static bool IsMissing(AmazonS3Exception e) => e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket" and not "NoSuchUpload";

    /// <summary>Somebody else was there first: the object exists already, or the parts are not those that were sent.</summary>
    public static bool IsConflict(AmazonS3Exception e) => e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict || e.ErrorCode is "NoSuchUpload" or "InvalidPart" or "InvalidPartOrder";

    /// <summary>The server does not know what was asked of it.</summary>
    public static bool IsUnknown(AmazonS3Exception e) => e.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed || e.ErrorCode == "NotImplemented";

    public static NaruException Translate(Exception e, string what) => e switch
    {
        AmazonS3Exception conflict when IsConflict(conflict) => new NaruException(ErrorKind.Conflict, $"storage: {what}: {conflict.Message}", e),
        AmazonS3Exception refused => new NaruException(ErrorKind.Unavailable, $"storage: {what}: {Text(refused)}", e),
        _ => new NaruException(ErrorKind.Unavailable, $"storage: {what}: {e.InnerException?.Message ?? e.Message}", e),
    };

    /// <summary>An answer to HEAD has no text.</summary>
    private static string Text(AmazonS3Exception e) =>
        string.IsNullOrEmpty(e.ErrorCode) ? $"the server answered {(int)e.StatusCode}" : $"{e.ErrorCode}: {e.Message}";
}
