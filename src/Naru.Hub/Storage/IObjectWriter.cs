namespace Naru.Hub.Storage;

/// <summary>An object that is being written, by one request at a time. Disposed without <see cref="Complete"/>, it keeps what was flushed and can be continued.</summary>
public interface IObjectWriter : IAsyncDisposable
{
    /// <summary>How many bytes it has, those of earlier requests included.</summary>
    long Length { get; }

    ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Hands everything written to the storage: a request ends here, and another process may continue.</summary>
    ValueTask Flush(CancellationToken cancel);

    /// <summary>What was written so far, from the start, for verification. Only after <see cref="Flush"/>.</summary>
    ValueTask<Stream> ReadBack(CancellationToken cancel);

    /// <summary>Makes the object durable and readable. The writer can only be disposed afterwards.</summary>
    ValueTask Complete(CancellationToken cancel);
}
