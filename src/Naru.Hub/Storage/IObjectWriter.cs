namespace Naru.Hub.Storage;

/// <summary>An object that is being written, by one request at a time. Disposed without <see cref="Complete"/>, it keeps what was flushed and can be continued.</summary>
/// <remarks>
/// A hash of what was written belongs to its writer: kept from one request to the next, both are kept together. Of an object that is continued by another
/// writer nobody knows what it holds, even where its length is the same, until it is read back.
/// </remarks>
public interface IObjectWriter : IAsyncDisposable
{
    /// <summary>How many bytes it has, those of earlier requests included.</summary>
    long Length { get; }

    ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Hands everything written to the storage: a request ends here, and another process may continue.</summary>
    ValueTask Flush(CancellationToken cancel);

    /// <summary>What was written so far, from the start, for verification. Only after <see cref="Flush"/>; nothing can be written any more, so what follows is <see cref="Complete"/> or a delete.</summary>
    ValueTask<Stream> ReadBack(CancellationToken cancel);

    /// <summary>Makes the object durable and readable. The writer can only be disposed afterwards.</summary>
    /// <exception cref="Naru.Base.NaruException">Conflict: another writer changed what was flushed; nothing became readable.</exception>
    ValueTask Complete(CancellationToken cancel);
}
