using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Containerd;

/// <summary>A write under way: bytes are appended and hashed as they come, then committed once.</summary>
/// <remarks>Owned by one caller. Disposing keeps what was written, so that a later writer of the same reference resumes.</remarks>
public sealed class IngestWriter : IDisposable
{
    private const int WriteBackSize = 8 << 20;

    private readonly ContentStore store;
    private readonly Scope scope;
    private readonly string folder;
    private readonly DateTime started;
    private readonly SafeFileHandle data;
    private long begun, forgotten;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal IngestWriter(ContentStore store, Scope scope, string reference, string folder, long total, string expected)
    {
        this.store = store;
        this.scope = scope;
        this.folder = folder;
        Reference = reference;
        Total = total;
        Expected = expected;
        started = Directory.GetCreationTimeUtc(folder);
        data = File.OpenHandle(ContentPaths.Data(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        HashWhatIsThere();
    }

    public string Reference { get; }

    public long Total { get; set; }

    public string Expected { get; set; }

    /// <summary>Nobody reads it soon: it goes to the disk as it comes, and out of memory. Else a large blob is written out at its end, and pushes aside what others read.</summary>
    public bool PassesThrough { get; init; }

    /// <summary>How many bytes there are.</summary>
    public long Offset { get; private set; }

    /// <summary>The digest of the bytes so far.</summary>
    public string Digest => Digests.Of(hash);

    public IngestStatus Status => new(scope.Namespace, Reference, Offset, Total, Expected, started, File.GetLastWriteTimeUtc(data));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(data, bytes, Offset);
        }
        catch (IOException e) when (e.HResult == Errno.ENOSPC)
        {
            // Kept for a later try, it would keep the disk full.
            Truncate();
            throw new NaruException(ErrorKind.Internal, $"write {Reference}: no space left on device", e) { Errno = Errno.ENOSPC };
        }

        hash.AppendData(bytes);
        Offset += bytes.Length;
        if (PassesThrough && Offset - begun >= WriteBackSize)
            WriteBack();
    }

    /// <summary>One piece is on its way to the disk while the next one comes in.</summary>
    private void WriteBack()
    {
        if (begun > forgotten)
            Files.Forget(data, forgotten, begun - forgotten);
        forgotten = begun;
        Files.BeginWriteBack(data, begun, Offset - begun);
        begun = Offset;
    }

    /// <summary>Reads back what was written.</summary>
    internal int Read(Span<byte> bytes, long offset) => RandomAccess.Read(data, bytes, offset);

    /// <summary>Starts over from nothing.</summary>
    public void Truncate()
    {
        RandomAccess.SetLength(data, 0);
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Offset = begun = forgotten = 0;
    }

    /// <summary>Verifies and makes it a blob: durable on disk, then visible. The ingest is gone afterwards.</summary>
    /// <param name="size">The size it must have, 0 for any.</param>
    /// <param name="digest">The digest it must have, empty for any.</param>
    /// <returns>The blob's digest.</returns>
    /// <exception cref="NaruException">FailedPrecondition: size or digest differ; AlreadyExists.</exception>
    public string Commit(long size, string digest, IReadOnlyDictionary<string, string> labels)
    {
        if (size > 0 && size != Offset)
            throw NaruException.Precondition($"unexpected commit size {Offset}, expected {size}: failed precondition");
        var actual = Digest;
        if (digest.Length > 0 && digest != actual)
        {
            // All of it is here and it is wrong (damaged on the way, or by a power cut): a later writer must not take it up.
            if (size == Offset)
                Truncate();
            throw NaruException.Precondition($"unexpected commit digest {actual}, expected {digest}: failed precondition");
        }

        RandomAccess.FlushToDisk(data);
        try
        {
            store.Commit(scope, folder, actual, Offset, labels);
        }
        finally
        {
            Discard();
        }

        return actual;
    }

    /// <summary>Throws the ingest away.</summary>
    public void Discard()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        if (data.IsClosed)
            return;
        data.Dispose();
        hash.Dispose();
        store.Release(folder);
    }

    private void HashWhatIsThere()
    {
        var buffer = new byte[64 << 10];
        for (int count; (count = RandomAccess.Read(data, buffer, Offset)) > 0; Offset += count)
            hash.AppendData(buffer, 0, count);
    }
}
