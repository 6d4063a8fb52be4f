using Naru.Base;

namespace Naru.Runtime.Lifecycle;

/// <summary>A terminal has one who serves it: the caller by its socket where the runtime goes away, the runtime where it stays.</summary>
internal static class ConsoleChecks
{
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static void Check(bool terminal, string? consoleSocket, bool detaches)
    {
        if (detaches && terminal && consoleSocket is null)
            throw NaruException.Invalid("cannot allocate tty if runc will detach without setting console socket");
        if ((!detaches || !terminal) && consoleSocket is not null)
            throw NaruException.Invalid("cannot use console socket if runc will not detach or allocate tty");
    }
}
