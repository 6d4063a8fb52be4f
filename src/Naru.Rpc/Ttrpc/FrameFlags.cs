namespace Naru.Rpc.Ttrpc;

/// <summary>What a frame says about the stream's sender besides its payload.</summary>
[Flags]
public enum FrameFlags : byte
{
    None = 0,
    RemoteClosed = 1,
    RemoteOpen = 2,
    NoData = 4,
}
