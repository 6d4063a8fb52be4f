namespace Naru.Chain.Tests;

/// <summary>What a program said on its two outputs, and its exit code (128 + signal when it was killed).</summary>
public sealed record Result(int Code, string Out, string Error)
{
    public override string ToString() => $"exit {Code}\nstdout: {Out}\nstderr: {Error}";
}
