using System.Text;
using Naru.Base;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>A new password, from standard input or from whoever sits at the terminal.</summary>
internal static class PasswordInput
{
    /// <exception cref="NaruException">InvalidArgument: there is none, or the two that were typed differ.</exception>
    public static string Read(bool fromStandardInput)
    {
        if (fromStandardInput)
        {
            // The line's end is the shell's, not the password's.
            var text = Console.In.ReadToEnd().TrimEnd('\n', '\r');
            return text.Length > 0 ? text : throw NaruException.Invalid("--password-stdin: nothing came");
        }

        if (Console.IsInputRedirected)
            throw NaruException.Invalid("the password is asked for at a terminal: give it by --password-stdin otherwise");
        var password = Ask("Password: ");
        return Ask("Again: ") == password ? password : throw NaruException.Invalid("the passwords differ");
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
