namespace Naru.Cli.Build.Progress;

/// <summary>One line of a step's output.</summary>
/// <param name="Time">Seconds since the step began and a blank, "0.123 "; empty when it never did.</param>
internal sealed record LogLine(string Time, string Text);
