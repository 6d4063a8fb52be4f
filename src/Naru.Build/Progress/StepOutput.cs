using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>What a step's program wrote.</summary>
/// <param name="Stream">1 or 2, as descriptors are numbered.</param>
public sealed record StepOutput(Digest Step, int Stream, byte[] Data, DateTimeOffset At) : BuildEvent(Step);
