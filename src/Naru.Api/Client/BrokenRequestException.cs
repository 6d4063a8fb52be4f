namespace Naru.Api.Client;

/// <summary>The engine stopped reading a request's body; its answer may say why.</summary>
internal sealed class BrokenRequestException(IOException reason) : IOException(reason.Message, reason);
