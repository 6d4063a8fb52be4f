namespace Naru.Hub.Transfer;

/// <summary>Where an OCI image layout is written: a folder or a tar.</summary>
public interface ILayoutTarget : IAsyncDisposable
{
    /// <summary>Adds a file. Whoever reads the layout while it is written finds <c>index.json</c> last.</summary>
    /// <param name="name">Its path in the layout: <c>blobs/sha256/…</c>.</param>
    /// <param name="size">How many bytes <paramref name="content"/> has; it fails where it has others.</param>
    ValueTask Add(string name, long size, Stream content, CancellationToken cancel);
}
