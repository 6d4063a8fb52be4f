using System.Globalization;
using Naru.Base;

namespace Naru.Engine.Security;

/// <summary>signal(7), x86 and ARM numbers: TERM, SIGTERM or 15.</summary>
public static class SignalNames
{
    public const int Kill = 9, Term = 15;

    private static readonly Dictionary<string, int> Numbers = new()
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["ILL"] = 4,
        ["TRAP"] = 5,
        ["ABRT"] = 6,
        ["IOT"] = 6,
        ["BUS"] = 7,
        ["FPE"] = 8,
        ["KILL"] = 9,
        ["USR1"] = 10,
        ["SEGV"] = 11,
        ["USR2"] = 12,
        ["PIPE"] = 13,
        ["ALRM"] = 14,
        ["TERM"] = 15,
        ["STKFLT"] = 16,
        ["CHLD"] = 17,
        ["CLD"] = 17,
        ["CONT"] = 18,
        ["STOP"] = 19,
        ["TSTP"] = 20,
        ["TTIN"] = 21,
        ["TTOU"] = 22,
        ["URG"] = 23,
        ["XCPU"] = 24,
        ["XFSZ"] = 25,
        ["VTALRM"] = 26,
        ["PROF"] = 27,
        ["WINCH"] = 28,
        ["IO"] = 29,
        ["POLL"] = 29,
        ["PWR"] = 30,
        ["SYS"] = 31,
        ["UNUSED"] = 31,
        ["RTMIN"] = 34,
        ["RTMAX"] = 64,
    };

    /// <exception cref="NaruException">InvalidArgument: no such signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number is > 0 and <= 64 ? number : throw NaruException.Invalid(number <= 0 ? $"invalid signal: {text}" : $"the linux daemon does not support signal {number}");
        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        if (Numbers.TryGetValue(name, out number))
            return number;
        if (name.StartsWith("RTMIN+", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var above) && above <= 30)
            return 34 + above;
        if (name.StartsWith("RTMAX-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var below) && below <= 30)
            return 64 - below;
        throw NaruException.Invalid($"invalid signal: {text}");
    }
}
