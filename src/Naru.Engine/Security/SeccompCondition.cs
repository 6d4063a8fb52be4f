namespace Naru.Engine.Security;

/// <summary>Capabilities, architectures and kernel that a rule asks for, or rules out.</summary>
internal sealed record SeccompCondition
{
    public IReadOnlyList<string>? Caps { get; init; }
    public IReadOnlyList<string>? Arches { get; init; }
    public string? MinKernel { get; init; }
}
