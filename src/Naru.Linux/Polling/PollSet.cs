using Microsoft.Win32.SafeHandles;

namespace Naru.Linux.Polling;

/// <summary>poll(2) on a few descriptors, each in a place of its own.</summary>
public sealed unsafe class PollSet(int places)
{
    // struct pollfd: the descriptor, what is asked (16 bits), what is so (16 bits). A descriptor below zero is passed over.
    private readonly ulong[] _entries = new ulong[places];

    /// <param name="handle">Null, or no interest: the place is empty.</param>
    public void Watch(int place, SafeFileHandle? handle, Readiness interest)
    {
        const int events = 32;
        _entries[place] = handle is null || interest == Readiness.None ? uint.MaxValue : (uint)Files.Raw(handle) | (ulong)(ushort)interest << events;
    }

    /// <summary>Waits until one of them is ready.</summary>
    /// <param name="milliseconds">At most; -1: for ever.</param>
    public void Wait(int milliseconds = -1)
    {
        fixed (ulong* start = _entries)
        {
            while (Libc.descriptor_poll(start, (uint)_entries.Length, milliseconds) < 0)
            {
                if (Errno.Last != Errno.EINTR)
                    throw new LinuxException(Errno.Last, "poll");
            }
        }
    }

    /// <summary>What the descriptor was ready for, errors and hang-ups included.</summary>
    public Readiness Of(int place) => (Readiness)(uint)(_entries[place] >> 48);
}
