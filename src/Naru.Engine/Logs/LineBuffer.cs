namespace Naru.Engine.Logs;

/// <summary>Cuts chunks of a file into lines; what has no newline yet stays.</summary>
internal sealed class LineBuffer
{
    /// <summary>A line longer than this is no log line: it is thrown away.</summary>
    private const int Longest = 4 * 1024 * 1024;

    private byte[] bytes = new byte[8 * 1024];
    private int start;
    private int length;

    public void Add(ReadOnlySpan<byte> chunk)
    {
        if (start > 0)
        {
            bytes.AsSpan(start, length).CopyTo(bytes);
            start = 0;
        }

        if (length > Longest)
            length = 0;
        if (length + chunk.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + chunk.Length));
        chunk.CopyTo(bytes.AsSpan(length));
        length += chunk.Length;
    }

    /// <summary>The next whole line without its newline; valid until the next <see cref="Add"/>.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var end = bytes.AsSpan(start, length).IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = bytes.AsMemory(start, end);
        start += end + 1;
        length -= end + 1;
        return true;
    }
}
