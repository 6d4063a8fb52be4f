using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>An object that became complete before anybody was told so; only its verification and its <see cref="Complete"/> are left.</summary>
internal sealed class CompletedWriter(IBlobStorage storage, string key, long length) : IObjectWriter
{
    public long Length => length;

    public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        throw NaruException.Conflict($"object {key} is complete: nothing can be added");

    public ValueTask Flush(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask<Stream> ReadBack(CancellationToken cancel) => storage.Read(key, 0, length, cancel);

    public ValueTask Complete(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
