using Microsoft.Win32.SafeHandles;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>Bytes that wait to be sent, in a file without a name: so they cost no memory that is not the page cache's, however many wait.</summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle file;

    /// <exception cref="NaruException">Unavailable: the folder cannot be written to.</exception>
    public SpoolFile(string folder)
    {
        var path = Path.Combine(folder, $"spool-{ObjectKey.New()}");
        file = FolderStorage.Failing(() =>
        {
            var opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
            File.Delete(path);
            return opened;
        });
    }

    /// <summary>How much of it counts; set to less, the rest is written over.</summary>
    public long Length { get; set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderStorage.Failure(e);
        }

        Length += bytes.Length;
    }

    /// <summary>Bytes from <paramref name="offset"/> on, as a stream that leaves the file open.</summary>
    public FileRange Range(long offset, long length) => new(file, offset, length, owned: false);

    public void Dispose() => file.Dispose();
}
