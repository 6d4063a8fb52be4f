namespace Naru.Shim.Tasks;

/// <summary>A process's life: each case carries only what is so then.</summary>
internal abstract record ProcessState
{
    /// <summary>An exec that has been added, or an init process that waits for start.</summary>
    public sealed record Created : ProcessState;

    public sealed record Running : ProcessState;

    public sealed record Stopped(ChildExit Exit) : ProcessState;
}
