using System.Globalization;
using System.Text;

namespace Naru.Images;

/// <summary>Writes a tar archive: ustar headers, with a PAX header before each entry that needs one. Same input, same bytes.</summary>
/// <remarks>An entry's data follows <see cref="Begin"/> by <see cref="Write"/>, exactly <see cref="TarEntry.Size"/> bytes. Dispose writes the end.</remarks>
public sealed class TarWriter(Stream stream, bool leaveOpen = true) : IDisposable
{
    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private long remaining;
    private int padding;
    private bool finished;

    /// <summary>Writes the headers of <paramref name="entry"/>, after the padding of the one before.</summary>
    public void Begin(TarEntry entry)
    {
        End();
        var records = new List<(byte[] Key, byte[] Value)>();
        var size = entry.Type == TarEntryType.File ? entry.Size : 0;
        byte[] name = entry.Type == TarEntryType.Directory && entry.Name is not [.., (byte)'/'] ? [.. entry.Name, (byte)'/'] : entry.Name;
        block.AsSpan().Clear();
        PutText(TarHeader.Name, name, "path", records, splits: true);
        PutText(TarHeader.LinkName, entry.LinkName, "linkpath", records, splits: false);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Mode), entry.Mode & 0xFFF);
        PutNumber(TarHeader.Uid, entry.Uid, "uid", records);
        PutNumber(TarHeader.Gid, entry.Gid, "gid", records);
        PutNumber(TarHeader.Size, size, "size", records);
        if (!TarHeader.TryOctal(block.AsSpan(TarHeader.Time), entry.Seconds) || entry.Nanoseconds != 0)
        {
            if (entry.Seconds < 0)
                TarHeader.TryOctal(block.AsSpan(TarHeader.Time), 0);
            records.Add(("mtime"u8.ToArray(), Time(entry.Seconds, entry.Nanoseconds)));
        }

        PutName(TarHeader.UserName, entry.UserName);
        PutName(TarHeader.GroupName, entry.GroupName);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Major), entry.DeviceMajor);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Minor), entry.DeviceMinor);
        foreach (var xattr in entry.Xattrs)
            records.Add(([.. "SCHILY.xattr."u8, .. xattr.Name], xattr.Value));
        if (records.Count > 0)
            WritePax(name, records);
        Seal((byte)entry.Type);
        stream.Write(block);
        remaining = size;
        padding = (int)(-size & (TarHeader.BlockSize - 1));
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        if (content.Length > remaining)
            throw new InvalidOperationException("archive/tar: write too long");
        stream.Write(content);
        remaining -= content.Length;
    }

    /// <summary>Writes a whole entry: a file with <paramref name="content"/>, or one without data.</summary>
    public void Add(TarEntry entry, ReadOnlySpan<byte> content = default)
    {
        Begin(entry);
        Write(content);
    }

    public void Dispose()
    {
        if (!finished)
        {
            finished = true;
            End();
            stream.Write(new byte[TarHeader.BlockSize * 2]);
            stream.Flush();
        }

        if (!leaveOpen)
            stream.Dispose();
    }

    private void End()
    {
        if (remaining > 0)
            throw new InvalidOperationException($"archive/tar: missed writing {remaining} bytes");
        stream.Write(new byte[TarHeader.BlockSize], 0, padding);
        padding = 0;
    }

    private void Seal(byte type)
    {
        block[TarHeader.Type] = type;
        "ustar\0"u8.CopyTo(block.AsSpan(TarHeader.Magic));
        "00"u8.CopyTo(block.AsSpan(TarHeader.Version));
        var (sum, _) = TarHeader.Sums(block);
        TarHeader.TryOctal(block.AsSpan(148, 7), sum);
        block[155] = (byte)' ';
    }

    private void PutText(Range field, byte[] value, string key, List<(byte[], byte[])> records, bool splits)
    {
        var target = block.AsSpan(field);
        var ascii = !value.AsSpan().ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);
        if (ascii && value.Length <= target.Length)
        {
            value.CopyTo(target);
            return;
        }

        if (ascii && splits && value.Length <= 256 && TrySplit(value))
            return;
        records.Add((Encoding.ASCII.GetBytes(key), value));
        // For readers without PAX: a shortened name.
        value.AsSpan(0, Math.Min(value.Length, target.Length)).CopyTo(target);
    }

    /// <summary>ustar's way: the part before a slash in the prefix field.</summary>
    private bool TrySplit(byte[] name)
    {
        for (var slash = Array.IndexOf(name, (byte)'/'); slash > 0 && slash <= 155; slash = Array.IndexOf(name, (byte)'/', slash + 1))
        {
            var rest = name.Length - slash - 1;
            if (rest is 0 or > 100)
                continue;
            name.AsSpan(0, slash).CopyTo(block.AsSpan(TarHeader.Prefix));
            name.AsSpan(slash + 1).CopyTo(block.AsSpan(TarHeader.Name));
            return true;
        }

        return false;
    }

    private void PutNumber(Range field, long value, string key, List<(byte[], byte[])> records)
    {
        if (TarHeader.TryOctal(block.AsSpan(field), value))
            return;
        TarHeader.TryOctal(block.AsSpan(field), 0);
        records.Add((Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture))));
    }

    private void PutName(Range field, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name);
        bytes.AsSpan(0, Math.Min(bytes.Length, 31)).CopyTo(block.AsSpan(field));
    }

    private void WritePax(byte[] name, List<(byte[] Key, byte[] Value)> records)
    {
        var body = new List<byte>();
        foreach (var (key, value) in records.OrderBy(r => Encoding.Latin1.GetString(r.Key), StringComparer.Ordinal))
        {
            var rest = key.Length + value.Length + 3;
            var length = rest + Digits(rest);
            if (Digits(length) != Digits(rest))
                length = rest + Digits(length);
            body.AddRange(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            body.AddRange([(byte)' ', .. key, (byte)'=', .. value, (byte)'\n']);
        }

        var saved = block.ToArray();
        block.AsSpan().Clear();
        var text = name.AsSpan().TrimEnd((byte)'/');
        byte[] paxName = [.. "PaxHeaders.0/"u8, .. text[(text.LastIndexOf((byte)'/') + 1)..]];
        paxName.AsSpan(0, Math.Min(paxName.Length, 100)).CopyTo(block);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Mode), 0);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Uid), 0);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Gid), 0);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Size), body.Count);
        TarHeader.TryOctal(block.AsSpan(TarHeader.Time), 0);
        Seal((byte)'x');
        stream.Write(block);
        stream.Write(body.ToArray());
        stream.Write(new byte[TarHeader.BlockSize], 0, -body.Count & (TarHeader.BlockSize - 1));
        saved.CopyTo(block, 0);
    }

    private static byte[] Time(long seconds, uint nanoseconds)
    {
        if (nanoseconds == 0)
            return Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture));
        var sign = seconds < 0 ? "-" : "";
        if (seconds < 0)
            (seconds, nanoseconds) = (-seconds - 1, 1_000_000_000 - nanoseconds);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:D9}").TrimEnd('0'));
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
