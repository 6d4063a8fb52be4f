namespace Naru.Engine.Logs;

/// <summary>What of a log is asked for.</summary>
/// <param name="Tail">Last lines only; -1 for all.</param>
/// <param name="Since">Lines from then on.</param>
/// <param name="Until">Lines up to then; following ends there.</param>
public sealed record LogQuery(bool Stdout, bool Stderr, bool Follow, int Tail, DateTime? Since, DateTime? Until, bool Timestamps, bool Details = false);
