using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Naru.Build.Context;

/// <summary>A file whose content is on its way.</summary>
internal sealed class ReceivedFile(ContextEntry entry)
{
    private IncrementalHash? hash;

    public ContextEntry Entry { get; } = entry;

    /// <summary>Bytes that came.</summary>
    public long Length { get; private set; }

    public bool IsBegun { get; set; }

    /// <summary>SHA-256 of the content, once all of it came.</summary>
    public byte[]? Digest { get; private set; }

    /// <summary>Who writes it; null: nobody yet.</summary>
    public FileLane? Lane { get; set; }

    /// <summary>Where it is written; the lane's own.</summary>
    public SafeFileHandle? Handle { get; set; }

    /// <summary>Hashes a part.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        Length += content.Length;
        // Most files come in one piece.
        if (Length == content.Length && Length == Entry.Size)
            Digest = SHA256.HashData(content);
        else
            (hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(content);
    }

    public void End()
    {
        Digest ??= hash is null ? SHA256.HashData([]) : hash.GetHashAndReset();
        Forget();
    }

    public void Forget() => hash?.Dispose();
}
