namespace Naru.Api.Client;

/// <summary>The PEM files of a TLS connection; a file that does not exist is left out.</summary>
public sealed record TlsFiles(string? Authority, string? Certificate, string? Key, bool Verify);
