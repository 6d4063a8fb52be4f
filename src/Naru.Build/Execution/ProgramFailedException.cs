using System.Globalization;
using Naru.Base;

namespace Naru.Build.Execution;

/// <summary>The program of a RUN could not be run, or ended with something other than 0.</summary>
public sealed class ProgramFailedException : NaruException
{
    public ProgramFailedException(IReadOnlyList<string> arguments, int exitCode)
        : base(ErrorKind.Internal, Text(arguments, string.Create(CultureInfo.InvariantCulture, $"exit code: {exitCode}"))) => ExitCode = exitCode;

    public ProgramFailedException(IReadOnlyList<string> arguments, NaruException reason)
        : base(reason.Kind, Text(arguments, reason.Message), reason)
    {
    }

    /// <summary>Null: it did not get so far.</summary>
    public int? ExitCode { get; }

    private static string Text(IReadOnlyList<string> arguments, string reason) =>
        $"process {GoText.Quote(string.Join(' ', arguments))} did not complete successfully: {reason}";
}
