using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Layers;

/// <summary>A storage that counts what is asked of it, and fails when it is told to.</summary>
internal sealed class CountingStorage(IBlobStorage inner) : IBlobStorage
{
    /// <summary>Bytes that readers asked for.</summary>
    public long Asked { get; set; }

    public int Reads { get; set; }

    /// <summary>So many reads fail before the next that works.</summary>
    public int Failures { get; set; }

    public bool RefusesSecondWriter => inner.RefusesSecondWriter;

    public ValueTask<IObjectWriter> Create(string key, CancellationToken cancel) => inner.Create(key, cancel);

    public ValueTask<IObjectWriter?> Continue(string key, CancellationToken cancel) => inner.Continue(key, cancel);

    public ValueTask<Stream> Read(string key, long offset, long length, CancellationToken cancel)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new Naru.Base.NaruException(Naru.Base.ErrorKind.Unavailable, "storage: out of order");
        }

        Reads++;
        Asked += length;
        return inner.Read(key, offset, length, cancel);
    }

    public ValueTask Delete(string key, CancellationToken cancel) => inner.Delete(key, cancel);

    public IAsyncEnumerable<StoredObject> List(CancellationToken cancel) => inner.List(cancel);

    public ValueTask<Uri?> Address(string key, TimeSpan lifetime, CancellationToken cancel) => inner.Address(key, lifetime, cancel);

    public ValueTask Check(CancellationToken cancel) => inner.Check(cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
