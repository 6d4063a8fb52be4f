namespace Naru.Runtime.Checkpoint;

/// <summary>Field numbers of criu_opts, by the names that CRIU's images/rpc.proto gives them.</summary>
internal static class CriuOption
{
    public const int ImagesDirFd = 1;
    public const int Pid = 2;
    public const int LeaveRunning = 3;
    public const int ExtUnixSk = 4;
    public const int TcpEstablished = 5;
    public const int EvasiveDevices = 6;
    public const int ShellJob = 7;
    public const int FileLocks = 8;
    public const int LogLevel = 9;
    public const int LogFile = 10;
    public const int PageServer = 11;
    public const int NotifyScripts = 12;
    public const int Root = 13;
    public const int ParentImg = 14;
    public const int TrackMem = 15;
    public const int AutoDedup = 16;
    public const int WorkDirFd = 17;
    public const int LinkRemap = 18;
    public const int ExtMnt = 23;
    public const int ManageCgroups = 24;
    public const int CgRoot = 25;
    public const int RstSibling = 26;
    public const int InheritFd = 27;
    public const int ManageCgroupsMode = 34;
    public const int External = 37;
    public const int EmptyNs = 38;
    public const int JoinNs = 39;
    public const int FreezeCgroup = 44;
    public const int TcpSkipInFlight = 46;
    public const int LazyPages = 48;
    public const int StatusFd = 49;
    public const int OrphanPtsMaster = 50;
    public const int ConfigFile = 51;
    public const int LsmProfile = 53;
    public const int LsmMountContext = 63;
}
