namespace Naru.Runc.CommandLine;

/// <summary>A command line that is no use of the command: its help is shown with the error.</summary>
/// <param name="headline">What stands above the help.</param>
internal sealed class UsageException(string message, string headline) : Exception(message)
{
    public string Headline { get; } = headline;

    /// <summary>A flag that is wrong in itself: said above the help as well.</summary>
    public static UsageException OfFlag(string message) => new(message, $"Incorrect Usage: {message}");

    public static UsageException OfArguments(string message) => new(message, "Incorrect Usage.");
}
