namespace Naru.Base.Flags;

/// <summary>A command line that the flags do not allow; the message is pflag's own wording.</summary>
public sealed class FlagException(string message) : Exception(message);
