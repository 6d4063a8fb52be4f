using System.Text;
using Naru.Base;

namespace Naru.Hub.Accounts.Passwords;

/// <summary>Which passwords are taken: by length, as NIST SP 800-63B has it, not by kinds of characters.</summary>
internal static class PasswordRules
{
    private const int Shortest = 8;

    private const int LongestBytes = 1024;

    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static void Check(string account, string password)
    {
        if (password.Length < Shortest)
            throw new RefusedException(Refusal.PasswordShort, ErrorKind.InvalidArgument, $"the password is too short: {Shortest} characters are the least", $"{Shortest}");
        if (Encoding.UTF8.GetByteCount(password) > LongestBytes)
            throw new RefusedException(Refusal.PasswordLong, ErrorKind.InvalidArgument, $"the password is too long: {LongestBytes} bytes are the most", $"{LongestBytes}");
        if (password.Contains(account, StringComparison.OrdinalIgnoreCase) && password.Length < account.Length + 4)
            throw new RefusedException(Refusal.PasswordIsName, ErrorKind.InvalidArgument, "the password is the account's name: choose another");
        if (password.AsSpan().IndexOfAnyExcept(password[0]) < 0)
            throw new RefusedException(Refusal.PasswordOneLetter, ErrorKind.InvalidArgument, "the password is one character repeated: choose another");
    }
}
