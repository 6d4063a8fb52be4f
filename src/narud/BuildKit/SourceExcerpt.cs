using System.Buffers;
using Naru.Build.Dockerfile;

namespace Naru.Daemon.BuildKit;

/// <summary>A Dockerfile as it goes along with an error: small ones whole, of large ones what a client shows, with each line at its number.</summary>
internal static class SourceExcerpt
{
    private const int LargestWhole = 32 * 1024, LongestLine = 1024, Around = 10, MostLines = 60;

    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> content, LineRange range)
    {
        if (content.Length <= LargestWhole)
            return content;
        var excerpt = new ArrayBufferWriter<byte>();
        var number = 0;
        foreach (var place in content.Split((byte)'\n'))
        {
            number++;
            var near = number >= range.Start - Around && number <= Math.Min(range.End + Around, range.Start + MostLines);
            if (number > 1)
                excerpt.Write("\n"u8);
            if (number > range.End + Around)
                break;
            if (near)
                excerpt.Write(content[place][..Math.Min(LongestLine, content[place].Length)]);
        }

        return excerpt.WrittenSpan;
    }
}
