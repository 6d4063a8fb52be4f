namespace Naru.Engine.Security;

/// <summary>An architecture, and those whose calls a process of it may make too.</summary>
internal sealed record SeccompArchitecture
{
    public string Architecture { get; init; } = "";
    public IReadOnlyList<string>? SubArchitectures { get; init; }
}
