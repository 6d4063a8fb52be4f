using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>Reads gzip of one or several members, and can note places on the way from which reading can begin later.</summary>
/// <remarks>
/// What the framework's own stream cannot do: zlib stops at the border of a deflate block (Z_BLOCK), where bit position and window are all of its
/// state. Fast compressors (zlib-ng's level 1, and so the framework's) make one block of everything, with the fixed code: there each code's border
/// will do, and a block's first bits are put before what follows. Checksums are verified, but for a member that was not read from its start. Bytes behind the last member are passed over, as gzip(1) does.
/// </remarks>
public sealed unsafe class GunzipStream : Stream
{
    private const int BufferSize = 64 << 10;
    private const int WindowSize = 32 << 10;
    private const int TrailerSize = 8;
    private const int BlockBits = 3;

    private readonly Stream inner;
    // One byte more before the input: the last one that was used, of which bits may be needed.
    private readonly byte* buffer;
    private readonly Libz.z_stream* zlib;
    private readonly long inputStart;
    private readonly long outputStart;
    private long lastCheckpoint;

    // The next byte is of a deflate stream whose member's header and trailer zlib does not see.
    private bool raw;
    private bool betweenMembers;

    // Between two blocks; and the first three bits of the block that it is in, known only while checkpoints are noted.
    private bool atBorder;
    private int block;
    private bool ended;
    private bool disposed;
    private long taken;
    private long given;

    /// <summary>Reads from the start of gzip data. Owns the stream.</summary>
    public GunzipStream(Stream inner)
        : this(inner, new StreamCheckpoint(0, 0, 0, null))
    {
    }

    /// <summary>Reads from a place that was noted before; <paramref name="inner"/> begins at its <see cref="StreamCheckpoint.Start"/>. Owns the stream.</summary>
    public GunzipStream(Stream inner, StreamCheckpoint from)
    {
        this.inner = inner;
        (inputStart, outputStart, lastCheckpoint) = (from.Start, from.Output, from.Output);
        raw = from.Window is not null;
        buffer = (byte*)NativeMemory.Alloc(BufferSize + 1) + 1;
        zlib = (Libz.z_stream*)NativeMemory.AllocZeroed((nuint)sizeof(Libz.z_stream));
        Check(Libz.inflateInit2_(zlib, raw ? Libz.RawWindow : Libz.GzipWindow, "1", sizeof(Libz.z_stream)));
        zlib->next_in = buffer;
        if (from.Window is null)
            return;
        if (from.Block != 0)
            Check(Libz.inflatePrime(zlib, BlockBits, from.Block));
        if (from.Bits > 0)
        {
            if (!Fill())
                throw Cut();
            Check(Libz.inflatePrime(zlib, from.Bits, *zlib->next_in >> (8 - from.Bits)));
            zlib->next_in++;
            zlib->avail_in--;
        }

        fixed (byte* window = from.Window)
            Check(Libz.inflateSetDictionary(zlib, window, (uint)from.Window.Length));
    }

    /// <summary>How much output lies between two checkpoints at least; 0 notes none. May be changed while reading.</summary>
    public long CheckpointDistance { get; set; }

    /// <summary>Gets each checkpoint as it is passed.</summary>
    public Action<StreamCheckpoint>? Checkpoint { get; set; }

    /// <summary>The position in the compressed data: bytes of it that were used.</summary>
    public long Input => inputStart + taken - (disposed ? 0 : zlib->avail_in);

    /// <summary>The position in the uncompressed data.</summary>
    public override long Position { get => outputStart + given; set => throw new NotSupportedException(); }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <exception cref="InvalidDataException">Not gzip, damaged, or cut off.</exception>
    public override int Read(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        while (!destination.IsEmpty && !ended)
        {
            if (betweenMembers && !NextMember())
                break;
            // zlib may hold output that the last destination had no room for, and need no further input for it.
            var more = zlib->avail_in > 0 || Fill();
            var written = Inflate(destination);
            if (written > 0)
                return written;
            if (!more && !betweenMembers)
                throw Cut();
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            disposed = true;
            Libz.inflateEnd(zlib);
            NativeMemory.Free(zlib);
            NativeMemory.Free(buffer - 1);
            if (disposing)
                inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> destination)
    {
        var notes = CheckpointDistance > 0;
        if (notes && atBorder && zlib->avail_in > 0)
            BeginBlock();
        int result, written;
        fixed (byte* target = destination)
        {
            zlib->next_out = target;
            zlib->avail_out = (uint)destination.Length;
            result = Libz.inflate(zlib, notes ? Libz.Z_BLOCK : Libz.Z_NO_FLUSH);
            written = destination.Length - (int)zlib->avail_out;
        }

        given += written;
        if (result == Libz.Z_STREAM_END)
            betweenMembers = true;
        else if (result != Libz.Z_BUF_ERROR)
            Check(result);
        if (notes && !betweenMembers)
            NoteWhenDue();
        return written;
    }

    /// <summary>Looks at the first bits of the block that comes: some may be in the last byte that zlib took.</summary>
    private void BeginBlock()
    {
        var bits = zlib->data_type & 7;
        block = (((bits > 0 ? zlib->next_in[-1] >> (8 - bits) : 0) | (zlib->next_in[0] << bits)) & 7) is var first && first >> 1 == 1 ? first : 0;
        atBorder = false;
    }

    private void NoteWhenDue()
    {
        var bits = zlib->data_type & 63;
        if ((zlib->data_type & 128) != 0)
            (atBorder, block) = (true, 0);
        if (Position - lastCheckpoint < CheckpointDistance)
            return;
        if (atBorder && (zlib->data_type & 64) == 0)
        {
            Note((Input * 8) - bits, 0);
        }
        else if (block != 0)
        {
            var mark = Libz.inflateMark(zlib);
            // A code that has given nothing yet.
            if (mark >> 16 >= 0 && (mark & 0xFFFF) == 0)
                Note((Input * 8) - bits - (mark >> 16), block);
        }
    }

    /// <summary>Passes over a trailer that zlib does not know of, and begins the next member. False when there is none.</summary>
    private bool NextMember()
    {
        for (var skip = raw ? TrailerSize : 0; skip > 0;)
        {
            if (zlib->avail_in == 0 && !Fill())
                throw Cut();
            var step = Math.Min(skip, (int)zlib->avail_in);
            zlib->next_in += step;
            zlib->avail_in -= (uint)step;
            skip -= step;
        }

        betweenMembers = raw = false;
        while (zlib->avail_in < 2 && Fill())
        {
        }

        if (zlib->avail_in < 2 || zlib->next_in[0] != 0x1F || zlib->next_in[1] != 0x8B)
        {
            ended = true;
            return false;
        }

        Check(Libz.inflateReset2(zlib, Libz.GzipWindow));
        (atBorder, block) = (false, 0);
        if (CheckpointDistance > 0 && Position - lastCheckpoint >= CheckpointDistance)
        {
            lastCheckpoint = Position;
            Checkpoint?.Invoke(new StreamCheckpoint(Input, Position, 0, null));
        }

        return true;
    }

    /// <summary>Reads more behind what is left. False at the end.</summary>
    private bool Fill()
    {
        var left = (int)zlib->avail_in;
        if (taken > 0)
            buffer[-1] = zlib->next_in[-1];
        new ReadOnlySpan<byte>(zlib->next_in, left).CopyTo(new Span<byte>(buffer, BufferSize));
        var read = inner.Read(new Span<byte>(buffer + left, BufferSize - left));
        taken += read;
        zlib->next_in = buffer;
        zlib->avail_in = (uint)(left + read);
        return read > 0;
    }

    private void Note(long bit, int block)
    {
        var window = new byte[WindowSize];
        var length = (uint)WindowSize;
        fixed (byte* bytes = window)
            Check(Libz.inflateGetDictionary(zlib, bytes, &length));
        lastCheckpoint = Position;
        Checkpoint?.Invoke(new StreamCheckpoint((bit + 7) / 8, Position, (int)(-bit & 7), window[..(int)length], block));
    }

    private void Check(int result)
    {
        if (result != Libz.Z_OK)
            throw new InvalidDataException($"gzip: {Marshal.PtrToStringUTF8((nint)zlib->msg) ?? $"zlib error {result}"}");
    }

    private static InvalidDataException Cut() => new("gzip: unexpected end of data");
}
