using System.Text;

namespace Naru.Fuzz;

/// <summary>Bytes with a few random changes.</summary>
public static class Changes
{
    /// <param name="others">Where pieces of other inputs come from.</param>
    /// <param name="pieces">What means something to the reader.</param>
    public static byte[] Of(byte[] input, IReadOnlyList<byte[]> others, IReadOnlyList<string> pieces, Random random)
    {
        var bytes = new List<byte>(input);
        for (var changes = random.Next(1, 8); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1));
                    break;
                case 2:
                    var other = others[random.Next(others.Count)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from)).ToArray());
                    break;
                case 3 when at < bytes.Count:
                    var piece = bytes.GetRange(at, random.Next(1, Math.Min(40, bytes.Count - at) + 1));
                    for (var times = random.Next(1, random.Next(10) == 0 ? 500 : 4); times > 0; times--)
                        bytes.InsertRange(at, piece);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Count)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
