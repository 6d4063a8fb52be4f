using System.Globalization;

namespace Naru.Build.Planning;

/// <summary>Signals as STOPSIGNAL names them: a number, or a name with or without SIG.</summary>
internal static class SignalNames
{
    private static readonly string[] s_names =
    [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT",
        "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ];

    public static bool IsValid(string signal)
    {
        if (int.TryParse(signal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number != 0;
        var name = signal.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        if (Array.IndexOf(s_names, name) >= 0)
            return true;
        // RTMIN+1 … RTMIN+15, RTMAX-1 … RTMAX-14.
        return name.Length > 6 && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && name[6] != '0'
            && ((name.StartsWith("RTMIN+", StringComparison.Ordinal) && offset <= 15) || (name.StartsWith("RTMAX-", StringComparison.Ordinal) && offset <= 14));
    }
}
