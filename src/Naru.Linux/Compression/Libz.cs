using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>libz.so.1, raw (zlib.h, "Advanced Functions"). Loaded at the first use only.</summary>
internal static unsafe partial class Libz
{
    public const int Z_NO_FLUSH = 0, Z_BLOCK = 5;
    public const int Z_OK = 0, Z_STREAM_END = 1, Z_BUF_ERROR = -5;

    /// <summary>windowBits: the largest window, with gzip's header and trailer, or with none.</summary>
    public const int GzipWindow = 15 + 16, RawWindow = -15;

    private const string Library = "libz.so.1";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int inflateInit2_(z_stream* stream, int windowBits, string version, int streamSize);

    [LibraryImport(Library)]
    public static partial int inflateReset2(z_stream* stream, int windowBits);

    [LibraryImport(Library)]
    public static partial int inflate(z_stream* stream, int flush);

    [LibraryImport(Library)]
    public static partial int inflatePrime(z_stream* stream, int bits, int value);

    [LibraryImport(Library)]
    public static partial int inflateGetDictionary(z_stream* stream, byte* dictionary, uint* length);

    [LibraryImport(Library)]
    public static partial int inflateSetDictionary(z_stream* stream, byte* dictionary, uint length);

    /// <summary>High half: how many bits back the code begins that is being decoded, -1 outside of a block; low half: how many bytes of it were given.</summary>
    [LibraryImport(Library)]
    public static partial nint inflateMark(z_stream* stream);

    [LibraryImport(Library)]
    public static partial int inflateEnd(z_stream* stream);

    /// <summary>The library keeps its address: never moved between init and end.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct z_stream
    {
        public byte* next_in;
        public uint avail_in;
        public ulong total_in;
        public byte* next_out;
        public uint avail_out;
        public ulong total_out;
        public byte* msg;
        public nint state, zalloc, zfree, opaque;

        /// <summary>In the low bits how many of the last byte's bits are unused; 64: in the last block; 128: at the end of a block.</summary>
        public int data_type;
        public ulong adler, reserved;
    }
}
