namespace Naru.Cli.Http2;

/// <summary>A frame's flags; what a bit means depends on the frame.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>DATA, HEADERS: nothing more comes this way on the stream.</summary>
    EndStream = 1,

    /// <summary>SETTINGS, PING: an answer.</summary>
    Acknowledge = 1,

    /// <summary>HEADERS, CONTINUATION: the block of headers is whole.</summary>
    EndHeaders = 4,

    Padded = 8,
    Priority = 0x20,
}
