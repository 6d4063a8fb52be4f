namespace Naru.Runc.CommandLine;

/// <summary>A flag of the program or of one of its commands.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Help">What its line in the help says.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Help)
{
    /// <summary>The short name, if there is one.</summary>
    public string? Alias { get; init; }

    /// <summary>The value where it is not given, in the form in which the help shows it; null where the help shows none.</summary>
    public string? Default { get; init; }

    /// <summary>Taken, but not in the help.</summary>
    public bool Hidden { get; init; }

    public bool Is(ReadOnlySpan<char> name) => name.SequenceEqual(Name) || (Alias is not null && name.SequenceEqual(Alias));

    /// <summary>«--force, -f» or «--bundle value, -b value».</summary>
    public string Synopsis
    {
        get
        {
            var value = Kind == FlagKind.Switch ? "" : " value";
            return Alias is null ? $"--{Name}{value}" : $"--{Name}{value}, -{Alias}{value}";
        }
    }
}
