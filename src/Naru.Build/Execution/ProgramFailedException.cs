using System.Globalization;
using Naru.Base;

namespace Naru.Build.Execution;

/// <summary>The program of a RUN ended with something other than 0.</summary>
public sealed class ProgramFailedException(IReadOnlyList<string> arguments, int exitCode)
    : NaruException(ErrorKind.Internal, string.Create(CultureInfo.InvariantCulture, $"process {GoText.Quote(string.Join(' ', arguments))} did not complete successfully: exit code: {exitCode}"))
{
    public int ExitCode { get; } = exitCode;
}
