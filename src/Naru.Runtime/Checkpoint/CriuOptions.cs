namespace Naru.Runtime.Checkpoint;

/// <summary>The options of <c>checkpoint</c> and <c>restore</c> that are CRIU's. No record: nothing compares or prints them.</summary>
public sealed class CriuOptions
{
    /// <summary>Absolute path of the folder of the images.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the folder for logs; null: that of the images.</summary>
    public string? WorkPath { get; init; }

    /// <summary>The images of an earlier pre-dump, relative to <see cref="ImagePath"/>.</summary>
    public string? ParentPath { get; init; }

    public bool LeaveRunning { get; init; }

    public bool PreDump { get; init; }

    public bool TcpEstablished { get; init; }

    public bool TcpSkipInFlight { get; init; }

    public bool LinkRemap { get; init; }

    public bool ExternalSockets { get; init; }

    public bool ShellJob { get; init; }

    public bool FileLocks { get; init; }

    public bool AutoDedup { get; init; }

    public bool LazyPages { get; init; }

    /// <summary>The caller's descriptor that gets a NUL byte once pages can be asked for; -1 where there is none.</summary>
    public int StatusDescriptor { get; init; } = -1;

    /// <summary>Host of the page server; null where there is none.</summary>
    public string? PageServer { get; init; }

    public int PageServerPort { get; init; }

    /// <summary>criu_cg_mode of images/rpc.proto.</summary>
    public required int CgroupsMode { get; init; }

    /// <summary>TYPE:NAME of the restored processes' profile.</summary>
    public string? LsmProfile { get; init; }

    public string? LsmMountContext { get; init; }
}
