namespace Naru.Shim.Io;

/// <summary>Where an output stream goes: a client's FIFO, or a file that is appended to.</summary>
internal sealed class OutputTarget : IDisposable
{
    private readonly Descriptor write;
    private Descriptor? read;

    private OutputTarget(string name, Descriptor write, Descriptor? read)
    {
        Name = name;
        this.write = write;
        this.read = read;
    }

    public string Name { get; }

    /// <summary>What tells when more can be written; null for a file, which always takes all.</summary>
    public Descriptor? Polled => read is null ? null : write;

    /// <exception cref="NaruException">InvalidArgument: a scheme that is not supported.</exception>
    public static OutputTarget Open(string address)
    {
        if (address.StartsWith("file://", StringComparison.Ordinal))
        {
            var path = address["file://".Length..];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new OutputTarget(address, Descriptor.OpenAppend(path), null);
        }
        if (address.Contains("://", StringComparison.Ordinal) && !address.StartsWith("fifo://", StringComparison.Ordinal))
            throw NaruException.Invalid($"unknown STDIO scheme {address[..address.IndexOf(':')]}: naru-shim takes a FIFO's path and file://");
        var fifo = address.StartsWith("fifo://", StringComparison.Ordinal) ? address["fifo://".Length..] : address;
        // A reading end of our own: a reader that goes is then a full FIFO, not a broken one.
        var (read, write) = Descriptor.OpenFifo(fifo);
        return new OutputTarget(address, write, read);
    }

    /// <summary>Bytes taken; fewer than all when the FIFO is full.</summary>
    public int Write(ReadOnlySpan<byte> data) => write.Write(data);

    /// <summary>Whether closing loses nothing: true for a file, and for a FIFO that somebody reads.</summary>
    public bool CanClose()
    {
        if (read is null && Name.StartsWith("file://", StringComparison.Ordinal))
            return true;
        read?.Dispose();
        read = null;
        return write.HasReader();
    }

    public void Dispose()
    {
        read?.Dispose();
        write.Dispose();
    }
}
