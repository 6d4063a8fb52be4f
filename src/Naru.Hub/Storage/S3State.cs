using System.Globalization;
using System.Text;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>How far an upload is, as an object beside it: the bytes that are not enough for a part yet, and after them, as text, what was sent.</summary>
/// <remarks>
/// <code>
/// the bytes
/// naru-hub upload 1
/// UPLOAD-ID           empty: no part was sent yet
/// SIZE ETAG           one line a part, in order
/// 0000003c            bytes of the text above, in hex
/// </code>
/// It is replaced whole, so it is always of one moment; parts sent after that moment are sent again under the same numbers.
/// </remarks>
internal sealed class S3State
{
    private const string First = "naru-hub upload 1";
    private const int EndBytes = 9;

    /// <summary>S3's name of the multipart upload; null before there is one.</summary>
    public string? Id { get; set; }

    public List<S3Part> Parts { get; } = [];

    /// <summary>Bytes in all parts.</summary>
    public long Sent { get; private set; }

    public void Add(S3Part part)
    {
        Parts.Add(part);
        Sent += part.Size;
    }

    /// <summary>The text that follows the bytes.</summary>
    public byte[] Write()
    {
        var text = new StringBuilder().Append(First).Append('\n').Append(Id).Append('\n');
        foreach (var part in Parts)
            text.Append(CultureInfo.InvariantCulture, $"{part.Size} {part.Tag}\n");
        return Encoding.ASCII.GetBytes(text.Append(CultureInfo.InvariantCulture, $"{text.Length:x8}\n").ToString());
    }

    /// <summary>Reads what <paramref name="spool"/> holds, and leaves only the bytes in it.</summary>
    /// <exception cref="NaruException">Internal: it is no such object.</exception>
    public static S3State Read(SpoolFile spool, string key)
    {
        var end = Text(spool, spool.Length - EndBytes, EndBytes);
        if (!int.TryParse(end.TrimEnd('\n'), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) || length > spool.Length - EndBytes)
            throw Damaged(key);
        var lines = Text(spool, spool.Length - EndBytes - length, length).Split('\n');
        if (lines.Length < 3 || lines[0] != First)
            throw Damaged(key);
        var state = new S3State { Id = lines[1].Length == 0 ? null : lines[1] };
        foreach (var line in lines[2..^1])
        {
            var space = line.IndexOf(' ');
            if (!long.TryParse(line.AsSpan(0, Math.Max(0, space)), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                throw Damaged(key);
            state.Add(new S3Part(size, line[(space + 1)..]));
        }

        spool.Length -= EndBytes + length;
        return state;
    }

    private static string Text(SpoolFile spool, long offset, int length)
    {
        if (offset < 0)
            return "";
        var bytes = new byte[length];
        using var range = spool.Range(offset, length);
        range.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }

    private static NaruException Damaged(string key) => new(ErrorKind.Internal, $"storage: the state of upload {key} is damaged");
}
