using Naru.Base;

namespace Naru.Containerd;

/// <summary>Names of namespaces, containers, execs and leases: containerd's identifiers.Validate.</summary>
public static class Identifiers
{
    private const int MaxLength = 76;

    /// <exception cref="NaruException">InvalidArgument: empty, longer than 76, or not letters and digits joined by single . _ or -.</exception>
    public static void Validate(string identifier)
    {
        if (identifier.Length == 0)
            throw NaruException.Invalid("identifier must not be empty: invalid argument");
        if (identifier.Length > MaxLength)
            throw NaruException.Invalid($"identifier \"{identifier}\" greater than maximum length ({MaxLength} characters): invalid argument");
        var separated = true;
        foreach (var c in identifier)
        {
            var separator = c is '.' or '_' or '-';
            if (separator ? separated : !char.IsAsciiLetterOrDigit(c))
                throw Mismatch(identifier);
            separated = separator;
        }

        if (separated)
            throw Mismatch(identifier);
    }

    private static NaruException Mismatch(string identifier) =>
        NaruException.Invalid($"identifier \"{identifier}\" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$: invalid argument");
}
