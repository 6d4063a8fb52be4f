namespace Naru.Build.Context;

/// <summary>Files that a client sent, on this machine, held still while in use.</summary>
/// <param name="path">The folder. Owners are 0:0; names, kinds, modes, times and contents are the client's.</param>
/// <param name="digests">SHA-256 of each regular file's content, by path relative to the folder with <c>/</c> between; null where they are not known yet.</param>
/// <param name="release">Called once, when nobody reads the folder any more.</param>
public sealed class ContextFolder(string path, Func<string, byte[]?>? digests, Action release) : IDisposable
{
    private Action? release = release;

    public string Path { get; } = path;

    /// <summary>What was fetched: a commit, or the digest of a download; empty: neither.</summary>
    public string Revision { get; init; } = "";

    /// <summary>All that is in it, in the order of <see cref="ContextPath.Compare"/>; null where that is not known without looking.</summary>
    internal IReadOnlyList<ContextEntry>? Entries { get; init; }

    /// <summary>SHA-256 of a file's content if it is known without reading it.</summary>
    public byte[]? KnownDigest(string file) => digests?.Invoke(file);

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
