using System.Globalization;

namespace Naru.HubServer.Http;

/// <summary>What a Range header asks for (RFC 9110, section 14). One range; of several, or of what is no range of bytes, all is sent, as the RFC allows.</summary>
internal readonly record struct ByteRange(long First, long Length, bool Partial, bool Unsatisfiable)
{
    public static ByteRange Parse(string? header, long size)
    {
        var all = new ByteRange(0, size, false, false);
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return all;
        var parts = header["bytes=".Length..].Trim().Split('-');
        if (parts.Length != 2)
            return all;
        if (parts[0].Length == 0)
        {
            // The last so many bytes.
            return !Number(parts[1], out var count) ? all
                : count == 0 || size == 0 ? new(0, 0, true, true)
                : new(Math.Max(0, size - count), Math.Min(size, count), true, false);
        }

        var last = size - 1;
        if (!Number(parts[0], out var first) || (parts[1].Length > 0 && (!Number(parts[1], out last) || last < first)))
            return all;
        return first >= size ? new(0, 0, true, true) : new(first, Math.Min(last, size - 1) - first + 1, true, false);
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
