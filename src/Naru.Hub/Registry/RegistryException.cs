using Naru.Base;

namespace Naru.Hub.Registry;

/// <summary>A failure in the registry's own terms: its code is the spec's, its status follows from the code unless told.</summary>
public sealed class RegistryException(RegistryErrorCode code, string message, string? detail = null, int? status = null, Exception? inner = null)
    : NaruException(KindOf(code), message, inner)
{
    public RegistryErrorCode Code { get; } = code;

    /// <summary>What the failure is about: a digest, a name.</summary>
    public string? Detail { get; } = detail;

    public int Status { get; } = status ?? StatusOf(code);

    /// <summary>With 429 and 503: when to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>With 401: the scope to ask a token for, <c>repository:a/b:pull</c>; null where any token does.</summary>
    public string? Scope { get; init; }

    /// <summary>With 401: why the token that was sent is not enough, in RFC 6750's words: <c>invalid_token</c>, <c>insufficient_scope</c>.</summary>
    public string? TokenError { get; init; }

    /// <summary>The code as it travels: <c>BLOB_UNKNOWN</c>.</summary>
    public string Word { get; } = WordOf(code);

    /// <summary>The storage or the database is full. The spec has no code for it: 507 says what it is (RFC 4918).</summary>
    public static RegistryException NoSpace(NaruException failure) => new(RegistryErrorCode.Unknown, "no space left on device", status: 507, inner: failure);

    private static string WordOf(RegistryErrorCode code) => code switch
    {
        RegistryErrorCode.BlobUnknown => "BLOB_UNKNOWN",
        RegistryErrorCode.BlobUploadInvalid => "BLOB_UPLOAD_INVALID",
        RegistryErrorCode.BlobUploadUnknown => "BLOB_UPLOAD_UNKNOWN",
        RegistryErrorCode.DigestInvalid => "DIGEST_INVALID",
        RegistryErrorCode.ManifestBlobUnknown => "MANIFEST_BLOB_UNKNOWN",
        RegistryErrorCode.ManifestInvalid => "MANIFEST_INVALID",
        RegistryErrorCode.ManifestUnknown => "MANIFEST_UNKNOWN",
        RegistryErrorCode.NameInvalid => "NAME_INVALID",
        RegistryErrorCode.NameUnknown => "NAME_UNKNOWN",
        RegistryErrorCode.SizeInvalid => "SIZE_INVALID",
        RegistryErrorCode.TagInvalid => "TAG_INVALID",
        RegistryErrorCode.Unauthorized => "UNAUTHORIZED",
        RegistryErrorCode.Denied => "DENIED",
        RegistryErrorCode.Unsupported => "UNSUPPORTED",
        RegistryErrorCode.TooManyRequests => "TOOMANYREQUESTS",

        // The spec has no words of their own for these, and allows no others.
        RegistryErrorCode.RangeInvalid => "BLOB_UPLOAD_INVALID",
        RegistryErrorCode.PaginationNumberInvalid => "UNSUPPORTED",
        RegistryErrorCode.Unavailable => "UNAVAILABLE",
        _ => "UNKNOWN",
    };

    private static int StatusOf(RegistryErrorCode code) => code switch
    {
        RegistryErrorCode.BlobUnknown or RegistryErrorCode.BlobUploadUnknown or RegistryErrorCode.ManifestBlobUnknown
            or RegistryErrorCode.ManifestUnknown or RegistryErrorCode.NameUnknown => 404,
        RegistryErrorCode.Unauthorized => 401,
        RegistryErrorCode.Denied => 403,
        RegistryErrorCode.Unsupported => 405,
        RegistryErrorCode.RangeInvalid => 416,
        RegistryErrorCode.TooManyRequests => 429,
        RegistryErrorCode.Unavailable => 503,
        RegistryErrorCode.Unknown => 500,
        _ => 400,
    };

    private static ErrorKind KindOf(RegistryErrorCode code) => StatusOf(code) switch
    {
        404 => ErrorKind.NotFound,
        401 => ErrorKind.Unauthenticated,
        403 => ErrorKind.PermissionDenied,
        405 => ErrorKind.Unimplemented,
        503 or 429 => ErrorKind.Unavailable,
        500 => ErrorKind.Internal,
        _ => ErrorKind.InvalidArgument,
    };
}
