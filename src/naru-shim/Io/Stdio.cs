namespace Naru.Shim.Io;

/// <summary>Where a process's streams are to go: FIFO paths, file:// addresses, or empty for nowhere.</summary>
internal sealed record Stdio(string In, string Out, string Error, bool Terminal);
