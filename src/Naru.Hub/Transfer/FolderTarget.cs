using Naru.Base;

namespace Naru.Hub.Transfer;

/// <summary>A layout as a folder, which must be new or empty.</summary>
public sealed class FolderTarget : ILayoutTarget
{
    private readonly string root;

    /// <exception cref="NaruException">AlreadyExists: there is something in it.</exception>
    public FolderTarget(string root)
    {
        this.root = root;
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
            throw NaruException.Exists($"{root} is there and not an empty folder");
        Directory.CreateDirectory(root);
    }

    public async ValueTask Add(string name, long size, Stream content, CancellationToken cancel)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, FileOptions.Asynchronous);
        await content.CopyToAsync(file, 256 << 10, cancel);
        if (file.Length != size)
            throw new NaruException(ErrorKind.Internal, $"{name} has {file.Length} bytes and should have {size}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
