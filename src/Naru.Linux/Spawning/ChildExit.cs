namespace Naru.Linux.Spawning;

/// <summary>How a child ended: its exit code, or 128 and the signal; and when.</summary>
public readonly record struct ChildExit(int Status, DateTime At)
{
    /// <summary>From waitpid's status word.</summary>
    internal static ChildExit FromWait(int status) =>
        new((status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f), DateTime.UtcNow);
}
