namespace Naru.Linux;

/// <summary>The kernel's answer to a message that failed: which one of the batch, its errno, and the kernel's own words (extended acknowledgement) where it gave some.</summary>
public sealed record NetlinkError(int Index, int Errno, string Call, string? Subject, string? Text)
{
    /// <summary>«add link veth0: file exists», or with the kernel's words «add link veth0 (Invalid MAC address): invalid argument».</summary>
    public LinuxException ToException() => new(Errno, Call, Text is null ? Subject : $"{Subject} ({Text})".TrimStart());
}
