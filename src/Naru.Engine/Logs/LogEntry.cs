namespace Naru.Engine.Logs;

/// <summary>One line of a container's log, its newline included where the container wrote one.</summary>
public readonly record struct LogEntry(LogSource Source, DateTime Time, ReadOnlyMemory<byte> Text);
