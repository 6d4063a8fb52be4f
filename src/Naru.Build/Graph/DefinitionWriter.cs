using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Naru.Oci;

namespace Naru.Build.Graph;

/// <summary>Hashes a sequence of values so that no two sequences run into each other: each is preceded by its length.</summary>
public sealed class DefinitionWriter
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Most values are a few bytes, and of a large folder there are many: they are hashed together.
    private readonly byte[] waiting = new byte[1024];
    private int count;

    public void Add(string? text)
    {
        if (text is null)
        {
            Add(-1L);
            return;
        }

        Add(Encoding.UTF8.GetBytes(text));
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((long)bytes.Length);
        Append(bytes);
    }

    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Append(bytes);
    }

    public void Add(bool flag) => Add(flag ? 1L : 0L);

    public void Add(IReadOnlyList<string>? list)
    {
        Add(list?.Count ?? -1);
        foreach (var one in list ?? [])
            Add(one);
    }

    public Digest Finish()
    {
        using (hash)
        {
            hash.AppendData(waiting, 0, count);
            return Digest.FromHash(hash.GetHashAndReset());
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > waiting.Length - count)
        {
            hash.AppendData(waiting, 0, count);
            count = 0;
        }

        if (bytes.Length > waiting.Length)
        {
            hash.AppendData(bytes);
            return;
        }

        bytes.CopyTo(waiting.AsSpan(count));
        count += bytes.Length;
    }
}
