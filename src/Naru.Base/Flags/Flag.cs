namespace Naru.Base.Flags;

/// <summary>One flag of a <see cref="FlagSet"/>, by pflag's model: a long name, perhaps a letter, a typed value, a default.</summary>
public abstract class Flag(string name, char? shorthand, string usage)
{
    public string Name { get; } = name;

    public char? Shorthand { get; } = shorthand;

    /// <summary>The line of help. A word in back quotes names the value, as in pflag.</summary>
    public string Usage { get; } = usage;

    /// <summary>The type's name in the help ("list", "int"); empty for a switch.</summary>
    public abstract string Type { get; }

    /// <summary>The default as the help prints it; empty when it is the type's zero.</summary>
    public string DefaultText { get; init; } = "";

    /// <summary>What the flag means without "=value"; null: it needs a value.</summary>
    public string? NoOptDefault { get; init; }

    public bool Hidden { get; init; }

    /// <summary>True once the command line named the flag.</summary>
    public bool Changed { get; private set; }

    /// <summary>Takes a value from the command line.</summary>
    /// <exception cref="FlagException">The value is not one of this type.</exception>
    public void Set(string value)
    {
        try
        {
            Parse(value);
        }
        catch (FlagException e)
        {
            var shown = Shorthand is { } letter ? $"-{letter}, --{Name}" : $"--{Name}";
            throw new FlagException($"invalid argument {GoText.Quote(value)} for \"{shown}\" flag: {e.Message}");
        }

        Changed = true;
    }

    protected abstract void Parse(string value);
}
