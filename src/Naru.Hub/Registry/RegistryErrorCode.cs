namespace Naru.Hub.Registry;

/// <summary>The error codes of distribution-spec 1.1, "Error codes", and those that Docker's registry added to them.</summary>
public enum RegistryErrorCode
{
    Unknown,
    BlobUnknown,
    BlobUploadInvalid,
    BlobUploadUnknown,
    DigestInvalid,
    ManifestBlobUnknown,
    ManifestInvalid,
    ManifestUnknown,
    NameInvalid,
    NameUnknown,
    SizeInvalid,
    TagInvalid,
    Unauthorized,
    Denied,
    Unsupported,
    TooManyRequests,
    RangeInvalid,
    PaginationNumberInvalid,
    Unavailable,
}
