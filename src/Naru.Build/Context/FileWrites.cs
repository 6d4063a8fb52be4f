using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>Puts the contents of files into a folder: from a certain amount on threads beside the one that receives and hashes the next ones.</summary>
/// <remarks>
/// A folder's files are one thread's, since the kernel lets one at a time make a name in it; the next folder's are another's, so that while one waits for
/// the disk to tell of a free inode, another goes on. One caller. What fails is thrown by a later call.
/// </remarks>
internal sealed class FileWrites(string tree) : IDisposable
{
    /// <summary>So many bytes are written before threads are worth their start.</summary>
    private const long Few = 256 << 10;

    private readonly FileLane[] lanes = new FileLane[Math.Clamp(Environment.ProcessorCount, 1, 4)];
    private long total;
    private byte[] folder = [];
    private int turn;

    /// <summary>The next part of a file; an empty one ends it.</summary>
    /// <param name="content">Nobody changes it.</param>
    /// <exception cref="LinuxException">Of this or of what came before.</exception>
    public void Add(ReceivedFile file, ReadOnlyMemory<byte> content)
    {
        var lane = file.Lane ??= Next(ContextPath.Parent(file.Entry.Path));
        if (total < Few)
            lane.Write(file, content);
        else
            lane.Add(file, content);
        total += content.Length + FileLane.FileCost;
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="LinuxException">As of <see cref="Add"/>.</exception>
    public void Finish()
    {
        foreach (var lane in lanes)
            lane?.Finish();
    }

    /// <summary>Forgets what waits; files that were begun stay as they are.</summary>
    public void Dispose()
    {
        foreach (var lane in lanes)
            lane?.Dispose();
    }

    private FileLane Next(ReadOnlySpan<byte> parent)
    {
        if (!parent.SequenceEqual(folder))
        {
            folder = parent.ToArray();
            turn = (turn + 1) % lanes.Length;
        }

        return lanes[turn] ??= new FileLane(tree);
    }
}
