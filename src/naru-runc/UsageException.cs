namespace Naru.Runc;

/// <summary>A command line that is no use of the command: its help is shown with the error.</summary>
internal sealed class UsageException(string message) : Exception(message);
