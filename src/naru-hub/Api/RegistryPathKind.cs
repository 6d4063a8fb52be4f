namespace Naru.HubServer.Api;

internal enum RegistryPathKind
{
    Base,
    Catalog,
    Tags,
    Blob,
    Uploads,
    Upload,
    Manifest,
    Referrers,
}
