namespace Naru.Linux;

/// <summary>How a process ended: by its own exit code, or by a signal.</summary>
/// <param name="Code">The exit code; 0 where a signal was the end.</param>
/// <param name="Signal">0 where none was.</param>
public readonly record struct ProcessEnd(int Code, int Signal, bool DumpedCore)
{
    private static readonly string[] Signals =
    [
        "", "hangup", "interrupt", "quit", "illegal instruction", "trace/breakpoint trap", "aborted", "bus error", "floating point exception", "killed", "user defined signal 1",
        "segmentation fault", "user defined signal 2", "broken pipe", "alarm clock", "terminated", "stack fault", "child exited", "continued", "stopped (signal)", "stopped",
        "stopped (tty input)", "stopped (tty output)", "urgent I/O condition", "CPU time limit exceeded", "file size limit exceeded", "virtual timer expired",
        "profiling timer expired", "window changed", "I/O possible", "power failure", "bad system call",
    ];

    /// <summary>The exit code, or 128 and the signal, as a shell says it.</summary>
    public int Status => Signal == 0 ? Code : 128 + Signal;

    /// <summary>From waitpid's status word.</summary>
    internal static ProcessEnd FromWait(int status) => (status & 0x7f) == 0
        ? new ProcessEnd((status >> 8) & 0xff, 0, false)
        : new ProcessEnd(0, status & 0x7f, (status & 0x80) != 0);

    /// <summary>In Go's words, which callers of runc's know: «exit status 3», «signal: killed».</summary>
    public override string ToString() => Signal == 0
        ? $"exit status {Code}"
        : $"signal: {(Signal < Signals.Length ? Signals[Signal] : $"signal {Signal}")}{(DumpedCore ? " (core dumped)" : "")}";
}
