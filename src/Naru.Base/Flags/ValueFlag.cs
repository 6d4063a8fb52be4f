namespace Naru.Base.Flags;

/// <summary>A flag whose last value counts.</summary>
/// <param name="parse">Turns the text into the value; a <see cref="FlagException"/> or <see cref="NaruException"/> says why it cannot.</param>
public sealed class ValueFlag<T>(string name, char? shorthand, string usage, string type, T initial, Func<string, T> parse) : Flag(name, shorthand, usage)
{
    public override string Type => type;

    public T Value { get; private set; } = initial;

    public static implicit operator T(ValueFlag<T> flag) => flag.Value;

    protected override void Parse(string value)
    {
        try
        {
            Value = parse(value);
        }
        catch (NaruException e)
        {
            throw new FlagException(e.Message);
        }
    }
}
