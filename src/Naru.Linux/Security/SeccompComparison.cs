namespace Naru.Linux;

/// <summary>libseccomp's comparison of a system call's argument.</summary>
/// <param name="Operator">enum scmp_compare.</param>
public readonly record struct SeccompComparison(uint Argument, int Operator, ulong Value, ulong ValueTwo);
