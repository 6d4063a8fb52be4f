namespace Naru.Cli.Build.Progress;

/// <summary>One part of a step that tells how far it is: "transferring context:", "exporting layers". Times in nanoseconds since 1970; 0 is none.</summary>
internal sealed class StepStatus(string id)
{
    public string Id { get; } = id;

    public long Current { get; set; }

    public long Total { get; set; }

    public long Timestamp { get; set; }

    public long Started { get; set; }

    public long Completed { get; set; }

    /// <summary>It has changed since it was last printed.</summary>
    public bool Changed { get; set; }

    /// <summary>What was printed last, for those who do not print every change.</summary>
    public (long Current, long Timestamp)? Printed { get; set; }
}
