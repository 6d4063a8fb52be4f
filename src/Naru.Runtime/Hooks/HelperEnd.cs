using Naru.Linux;

namespace Naru.Runtime.Hooks;

/// <summary>What became of a <see cref="HelperProgram"/>.</summary>
/// <param name="Refusal">Why it could not even be started; null where it ran.</param>
internal sealed record HelperEnd(ProcessEnd End, string? Refusal, string Output, string Error)
{
    public bool Succeeded => Refusal is null && End.Status == 0;
}
