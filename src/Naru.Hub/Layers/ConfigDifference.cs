namespace Naru.Hub.Layers;

/// <summary>A value that two images' configs do not have alike.</summary>
/// <param name="Field">What it is: <c>Env</c>, <c>Cmd</c>, <c>Labels</c>…, as the image config names it.</param>
/// <param name="Name">Which of several: a variable, a label, a port; null where there is only one.</param>
/// <param name="From">What the first has; null for nothing. Commands as they would be written in a shell's list: <c>["sh","-c"]</c>.</param>
public sealed record ConfigDifference(string Field, string? Name, string? From, string? To);
