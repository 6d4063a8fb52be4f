namespace Naru.Cli;

/// <summary>Ends the program with this code; the message, when there is one, goes to standard error as it is.</summary>
internal sealed class ExitException(int code, string message = "") : Exception(message)
{
    public int Code { get; } = code;
}
