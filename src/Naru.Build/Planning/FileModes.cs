using Naru.Base;

namespace Naru.Build.Planning;

/// <summary>The values that --chmod takes: octal up to 07777, or chmod(1)'s <c>u=rwX,go-w</c>.</summary>
internal static class FileModes
{
    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static void Check(string mode)
    {
        // What begins as a number is one, or wrong.
        if (mode.Length == 0 || !char.IsAsciiDigit(mode[0]))
        {
            foreach (var clause in mode.Split(','))
            {
                if (!IsClause(clause))
                    throw NaruException.Invalid("invalid syntax");
            }

            return;
        }

        if (mode.AsSpan().ContainsAnyExcept("01234567") || mode.TrimStart('0').Length > 4)
            throw NaruException.Invalid($"invalid chmod parameter: '{mode}'. it should be octal string and between 0 and 07777");
    }

    private static bool IsClause(string clause)
    {
        var at = 0;
        while (at < clause.Length && clause[at] is 'u' or 'g' or 'o' or 'a')
            at++;
        if (at == clause.Length)
            return false;
        while (at < clause.Length)
        {
            if (clause[at++] is not ('+' or '-' or '='))
                return false;
            while (at < clause.Length && clause[at] is 'r' or 'w' or 'x' or 'X' or 's' or 't' or 'u' or 'g' or 'o')
                at++;
        }

        return true;
    }
}
