namespace Naru.HubServer.Site.Models;

/// <summary>A file that two images do not have alike. Sizes in bytes; null where one has none.</summary>
internal sealed record ComparedFile(string Path, FileChange Change, long? From, long? To);
