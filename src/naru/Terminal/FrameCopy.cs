using System.Buffers.Binary;
using System.Text;
using Naru.Linux.Terminals;

namespace Naru.Cli.Terminal;

/// <summary>Parts Docker's multiplexed stream: frames of a stream's number, three zeros, a big-endian length, the bytes.</summary>
internal static class FrameCopy
{
    public delegate int Reader(Span<byte> into);

    /// <exception cref="NaruException">The engine reported an error in the stream.</exception>
    public static void Run(Reader read, bool stdout, bool stderr)
    {
        Stream output = new DescriptorStream(1), error = new DescriptorStream(2);
        var header = new byte[8];
        var buffer = new byte[32 * 1024];
        while (Fill(read, header))
        {
            var left = (long)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            var message = header[0] == 3 ? new MemoryStream() : null;
            while (left > 0)
            {
                var count = read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
                if (count == 0)
                    return;
                left -= count;
                if (message is not null)
                    message.Write(buffer, 0, count);
                else if (header[0] == 2 ? stderr : stdout)
                    (header[0] == 2 ? error : output).Write(buffer, 0, count);
            }

            if (message is not null)
                throw new NaruException(ErrorKind.Internal, $"error from daemon in stream: {Encoding.UTF8.GetString(message.ToArray())}");
        }
    }

    private static bool Fill(Reader read, byte[] header)
    {
        for (var have = 0; have < header.Length;)
        {
            var count = read(header.AsSpan(have));
            if (count == 0)
                return false;
            have += count;
        }

        return true;
    }
}
