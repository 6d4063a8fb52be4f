namespace Naru.Hub.Storage;

/// <summary>Where the bytes of blobs are: objects, each written once under a key of its own, then read whole or in part.</summary>
/// <remarks>
/// A key is made by whoever stores (<see cref="ObjectKey"/>) and never used again, so that an object is never replaced, and what is being deleted
/// is never what somebody is storing. What an object holds and who needs it is the metadata's to know: storage verifies nothing and counts nothing.
/// Several processes may use one storage at once.
/// </remarks>
public interface IBlobStorage : IAsyncDisposable
{
    /// <summary>Whether <see cref="Continue"/> itself refuses a second writer, of another process too. Otherwise who writes must see to being alone.</summary>
    bool RefusesSecondWriter { get; }

    /// <summary>Begins an object. Nobody can read it until <see cref="IObjectWriter.Complete"/>.</summary>
    /// <exception cref="Naru.Base.NaruException">Unavailable: the storage does not answer, or is full.</exception>
    ValueTask<IObjectWriter> Create(string key, CancellationToken cancel);

    /// <summary>Goes on with an object that was begun, by this process or another; null when there is none of that key.</summary>
    /// <remarks>One that is complete comes too, since its process may have ended before it told anybody: nothing can be written to it.</remarks>
    /// <exception cref="Naru.Base.NaruException">Conflict: somebody is writing to it now, where the storage <see cref="RefusesSecondWriter"/>.</exception>
    ValueTask<IObjectWriter?> Continue(string key, CancellationToken cancel);

    /// <summary>The bytes from <paramref name="offset"/> on, <paramref name="length"/> of them at most; none where the object has ended.</summary>
    /// <remarks>What is open already is read to its end or fails when the object is deleted meanwhile; it never gives other bytes.</remarks>
    /// <exception cref="Naru.Base.NaruException">NotFound: no complete object of that key.</exception>
    ValueTask<Stream> Read(string key, long offset, long length, CancellationToken cancel);

    /// <summary>Takes away a complete object, or one that was only begun; nothing when there is none.</summary>
    ValueTask Delete(string key, CancellationToken cancel);

    /// <summary>All objects, complete or only begun, in no order.</summary>
    IAsyncEnumerable<StoredObject> List(CancellationToken cancel);

    /// <summary>An address from which a client can read the object itself for a while, so that the bytes need not pass through here; null where there is none.</summary>
    ValueTask<Uri?> Address(string key, TimeSpan lifetime, CancellationToken cancel);

    /// <summary>Says whether the storage can be used now.</summary>
    /// <exception cref="Naru.Base.NaruException">Unavailable, with what is wrong.</exception>
    ValueTask Check(CancellationToken cancel);
}
