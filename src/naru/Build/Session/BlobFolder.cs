using System.Security.Cryptography;

namespace Naru.Cli.Build.Session;

/// <summary>Blobs in a folder of ours, as OCI's image layout has them: "blobs/sha256/HEX".</summary>
internal sealed class BlobFolder(string folder)
{
    private const string Prefix = "sha256:";

    public string Folder => folder;

    /// <summary>Null: it is not there.</summary>
    /// <exception cref="NaruException">InvalidArgument: no sha256 digest.</exception>
    public FileStream? Open(string digest)
    {
        var path = PathOf(digest);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    public bool Has(string digest) => File.Exists(PathOf(digest));

    /// <summary>A new blob's file, which <see cref="Commit"/> gives its name.</summary>
    public FileStream Begin()
    {
        var place = Path.Combine(folder, "ingest");
        Directory.CreateDirectory(place);
        return new FileStream(Path.Combine(place, BuildSession.NewId()), FileMode.CreateNew, FileAccess.ReadWrite);
    }

    /// <param name="expected">Empty: any digest will do.</param>
    /// <returns>Its digest.</returns>
    /// <exception cref="NaruException">FailedPrecondition: other bytes than were announced.</exception>
    public string Commit(FileStream file, long total, string expected)
    {
        if (total > 0 && file.Length != total)
            throw NaruException.Precondition($"unexpected commit size {file.Length}, expected {total}");
        file.Position = 0;
        var digest = Prefix + Convert.ToHexStringLower(SHA256.HashData(file));
        if (expected.Length > 0 && digest != expected)
            throw NaruException.Precondition($"unexpected commit digest {digest}, expected {expected}");
        file.Flush(flushToDisk: true);
        var path = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(file.Name, path, overwrite: true);
        return digest;
    }

    /// <summary>Nothing but hexadecimal digits gets into a path.</summary>
    private string PathOf(string digest)
    {
        var hex = digest.StartsWith(Prefix, StringComparison.Ordinal) ? digest[Prefix.Length..] : "";
        if (hex.Length != 64 || hex.AsSpan().ContainsAnyExcept("0123456789abcdef"))
            throw NaruException.Invalid($"unsupported digest {GoText.Quote(digest)}");
        return Path.Combine(folder, "blobs", "sha256", hex);
    }
}
