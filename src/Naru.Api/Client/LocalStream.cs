namespace Naru.Api.Client;

/// <summary>A connection to a unix socket that the client's program made itself, with a way to close its writing half.</summary>
public sealed record LocalStream(Stream Stream, Action CloseWrite);
