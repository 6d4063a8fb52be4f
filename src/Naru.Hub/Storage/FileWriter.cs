using Microsoft.Win32.SafeHandles;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>An upload as a file; complete, it takes its place among the blobs.</summary>
internal sealed class FileWriter : IObjectWriter
{
    /// <summary>Given back by an upload that filled the disk: without some room the metadata could not note that anything ended.</summary>
    private const long GivenBack = 4 << 20;

    private readonly string path;
    private readonly string destination;
    private readonly SafeFileHandle file;

    public FileWriter(string path, string destination, FileMode mode)
    {
        this.path = path;
        this.destination = destination;
        // Alone, by a lock that other processes see too: two requests that continue one upload would mix their bytes.
        file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
        Length = RandomAccess.GetLength(file);
    }

    public long Length { get; private set; }

    public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        // Written by the thread that received it: the page cache takes it at once, and a hand-over to another thread costs more than the copy.
        try
        {
            FolderStorage.Failing(() =>
            {
                RandomAccess.Write(file, bytes.Span, Length);
                return 0;
            });
        }
        catch (NaruException full) when (full.Errno != 0)
        {
            Length = Math.Max(0, Length - GivenBack);
            RandomAccess.SetLength(file, Length);
            throw;
        }

        Length += bytes.Length;
        return ValueTask.CompletedTask;
    }

    public ValueTask Flush(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask<Stream> ReadBack(CancellationToken cancel) => new(new FileRange(file, 0, Length, owned: false));

    public ValueTask Complete(CancellationToken cancel)
    {
        FolderStorage.Failing(() =>
        {
            // A write that failed half-way may have left more than was counted.
            RandomAccess.SetLength(file, Length);
            RandomAccess.FlushToDisk(file);
            File.Move(path, destination);
            AtomicFile.SyncFolder(Path.GetDirectoryName(destination)!);
            // Readers would meet its lock.
            file.Dispose();
            return 0;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
