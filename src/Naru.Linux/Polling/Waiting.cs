using Naru.Linux.Descriptors;

namespace Naru.Linux.Polling;

/// <summary>poll(2) on a few descriptors, for a program that has nothing else to do meanwhile.</summary>
public static unsafe class Waiting
{
    /// <summary>Waits until one of them can be read, or has come to its end.</summary>
    /// <param name="patience">How long at most; rounded up to milliseconds.</param>
    /// <returns>Of each, whether it can be read. None: the time is over.</returns>
    public static bool[] ForAny(IReadOnlyList<Descriptor> descriptors, TimeSpan patience)
    {
        const int events = 32;
        // struct pollfd: the descriptor, what is asked (16 bits), what is so (16 bits).
        var entries = new ulong[descriptors.Count];
        for (var index = 0; index < entries.Length; index++)
            entries[index] = (uint)descriptors[index].Number | (ulong)Libc.EPOLLIN << events;
        fixed (ulong* start = entries)
        {
            var count = Libc.descriptor_poll(start, (uint)entries.Length, (int)Math.Clamp(Math.Ceiling(patience.TotalMilliseconds), 0, int.MaxValue));
            // Interrupted: as if the time were over, which the caller measures himself.
            if (count < 0 && Errno.Last != Errno.EINTR)
                throw new LinuxException(Errno.Last, "poll");
            return Array.ConvertAll(entries, entry => count > 0 && entry >> 48 != 0);
        }
    }
}
