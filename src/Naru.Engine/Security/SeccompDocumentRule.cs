using Naru.Oci.Runtime;

namespace Naru.Engine.Security;

/// <summary>What is done with some calls, and when the rule counts.</summary>
internal sealed record SeccompDocumentRule
{
    public string? Name { get; init; }
    public IReadOnlyList<string>? Names { get; init; }
    public string Action { get; init; } = "";
    public uint? ErrnoRet { get; init; }
    public IReadOnlyList<SeccompArgument>? Args { get; init; }
    public SeccompCondition? Includes { get; init; }
    public SeccompCondition? Excludes { get; init; }
}
