using System.Runtime.CompilerServices;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>Objects as files of one folder: <c>blobs/ab/abcdef…</c> when complete, <c>uploads/abcdef…</c> before.</summary>
/// <remarks>Complete: fsync of the file, rename, fsync of the folder; a crash leaves an upload or a blob, never a half of one.</remarks>
public sealed class FolderStorage : IBlobStorage
{
    /// <summary>EWOULDBLOCK: the lock of a file is held.</summary>
    private const int WouldBlock = 11;

    private const int NoSpace = 28;

    private readonly string blobs;
    private readonly string uploads;

    /// <param name="root">Is made if it is not there, for its owner alone.</param>
    public FolderStorage(string root)
    {
        blobs = Path.Combine(root, "blobs");
        uploads = Path.Combine(root, "uploads");
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(root, Owner);
        Directory.CreateDirectory(uploads, Owner);
        Directory.CreateDirectory(blobs, Owner);
        for (var first = 0; first < 256; first++)
            Directory.CreateDirectory(Path.Combine(blobs, first.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)), Owner);
        AtomicFile.SyncFolder(blobs);
        AtomicFile.SyncFolder(root);
    }

    public bool RefusesSecondWriter => true;

    public ValueTask<IObjectWriter> Create(string key, CancellationToken cancel) =>
        new(Failing<IObjectWriter>(() => new FileWriter(Upload(key), Blob(key), FileMode.CreateNew)));

    public ValueTask<IObjectWriter?> Continue(string key, CancellationToken cancel)
    {
        var path = Upload(key);
        return new(Failing<IObjectWriter?>(() =>
        {
            try
            {
                if (File.Exists(path))
                    return new FileWriter(path, Blob(key), FileMode.Open);
            }
            catch (FileNotFoundException)
            {
                // It was completed or deleted this moment.
            }

            var blob = new FileInfo(Blob(key));
            return blob.Exists ? new CompletedWriter(this, key, blob.Length) : null;
        }));
    }

    public ValueTask<Stream> Read(string key, long offset, long length, CancellationToken cancel)
    {
        try
        {
            return new(new FileRange(File.OpenHandle(Blob(key)), offset, length));
        }
        catch (FileNotFoundException e)
        {
            throw new NaruException(ErrorKind.NotFound, $"object {key}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    public ValueTask Delete(string key, CancellationToken cancel)
    {
        Failing(() =>
        {
            File.Delete(Upload(key));
            File.Delete(Blob(key));
            return 0;
        });
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<StoredObject> List([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (folder, complete) in (IEnumerable<KeyValuePair<string, bool>>)[new(blobs, true), new(uploads, false)])
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                cancel.ThrowIfCancellationRequested();
                if (ObjectKey.IsKey(file.Name) && file.Exists)
                    yield return new StoredObject(file.Name, file.Length, file.LastWriteTimeUtc, complete);
            }
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask<Uri?> Address(string key, TimeSpan lifetime, CancellationToken cancel) => new((Uri?)null);

    public ValueTask Check(CancellationToken cancel)
    {
        Failing(() =>
        {
            AtomicFile.Write(Path.Combine(uploads, "check"), "ok"u8, durable: false);
            return 0;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the file system refuses, as the storage's own failure.</summary>
    internal static T Failing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    internal static NaruException Failure(Exception e) => e.HResult switch
    {
        WouldBlock => new(ErrorKind.Conflict, "storage: the object is being written by another request", e),
        NoSpace => new(ErrorKind.Unavailable, "storage: no space left on device", e) { Errno = NoSpace },
        _ => new(ErrorKind.Unavailable, $"storage: {e.Message}", e),
    };

    private string Upload(string key) => Path.Combine(uploads, ObjectKey.Check(key));

    private string Blob(string key) => Path.Combine(blobs, ObjectKey.Check(key)[..2], key);
}
