namespace Naru.HubServer.Site.Models;

/// <summary>A layer that both images have, or one of them.</summary>
internal sealed record ComparedLayer(ComparedSide Side, string Digest, long Size, string Word, string Arguments);
