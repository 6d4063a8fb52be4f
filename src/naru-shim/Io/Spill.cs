namespace Naru.Shim.Io;

/// <summary>Output that waits for its reader: a file without a name in the bundle, made when first needed, emptied when read to its end.</summary>
internal sealed class Spill(string path) : IDisposable
{
    /// <summary>Beyond this the process is held back.</summary>
    private const long Most = 64 << 20;

    private Descriptor? file;
    private long head, tail;

    public bool IsEmpty => head == tail;

    public bool IsFull => tail >= Most;

    /// <summary>False, and nothing is kept, when the disk has no room.</summary>
    public bool TryAppend(ReadOnlySpan<byte> data)
    {
        try
        {
            file ??= Descriptor.Scratch(path);
            file.WriteAt(data, tail);
        }
        catch (LinuxException failure) when (failure.Number is Errno.ENOSPC or Errno.EDQUOT)
        {
            return false;
        }
        tail += data.Length;
        return true;
    }

    /// <summary>The next bytes, which stay until <see cref="Advance"/>.</summary>
    public int Peek(Span<byte> buffer) => file!.ReadAt(buffer[..(int)Math.Min(buffer.Length, tail - head)], head);

    public void Advance(int count)
    {
        head += count;
        if (IsEmpty)
            Dispose();
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
        head = tail = 0;
    }
}
