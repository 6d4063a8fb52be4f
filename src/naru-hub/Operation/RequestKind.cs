namespace Naru.HubServer.Operation;

/// <summary>What requests are told apart by in figures.</summary>
internal enum RequestKind
{
    Base,
    Manifest,
    Blob,
    Upload,
    Tags,
    Referrers,
    Catalog,
    Token,
    Operation,
    Site,
}
