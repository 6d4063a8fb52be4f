namespace Naru.Linux.Polling;

/// <summary>What a descriptor is ready for, in epoll's own bits. Error and HangUp are told without being asked for.</summary>
[Flags]
public enum Readiness : uint
{
    None = 0,
    Read = 1,
    Priority = 2,
    Write = 4,
    Error = 8,
    HangUp = 16,
}
