using Naru.Base;

namespace Naru.Hub.Accounts;

/// <summary>Limits of what people write about themselves. Anything that can be shown is kept as it is: to escape it is the reader's work.</summary>
internal static class AccountTexts
{
    private const int LongestName = 100;

    private const int LongestEmail = 254;

    private const int LongestDescription = 200;

    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static string CheckFullName(string text) => Check("full name", text, LongestName);

    /// <summary>Empty, or something at something.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static string CheckEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (text.Length > 0 && (at <= 0 || at == text.Length - 1 || text.AsSpan().ContainsAny(' ', '<', '>')))
            throw new RefusedException(Refusal.Email, ErrorKind.InvalidArgument, $"invalid e-mail address {GoText.Quote(text)}", text);
        return Check("e-mail address", text, LongestEmail);
    }

    /// <summary>One line of what somebody is.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static string CheckDescription(string text) => Check("description", text, LongestDescription);

    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static string Check(string what, string text, int longest)
    {
        if (text.Length > longest)
            throw new RefusedException(Refusal.TextLong, ErrorKind.InvalidArgument, $"the {what} is too long: {longest} characters are the most", $"{longest}");
        foreach (var letter in text)
        {
            if (char.IsControl(letter))
                throw new RefusedException(Refusal.TextControl, ErrorKind.InvalidArgument, $"the {what} has a control character in it");
        }

        return text;
    }
}
