namespace Naru.Runtime.Checkpoint;

/// <summary>What CRIU is asked for, and answers to (criu_req_type of images/rpc.proto).</summary>
internal enum CriuRequestType
{
    Empty = 0,

    Dump = 1,

    Restore = 2,

    PreDump = 4,

    /// <summary>CRIU tells how far it is, and waits for a word.</summary>
    Notify = 6,

    FeatureCheck = 9,

    Version = 10,
}
