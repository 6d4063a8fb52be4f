namespace Naru.Engine.Security;

/// <summary>A profile as Docker's users write it.</summary>
internal sealed record SeccompDocument
{
    public string DefaultAction { get; init; } = "";
    public uint? DefaultErrnoRet { get; init; }
    public IReadOnlyList<string>? Architectures { get; init; }
    public IReadOnlyList<SeccompArchitecture>? ArchMap { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public IReadOnlyList<SeccompDocumentRule>? Syscalls { get; init; }
}
