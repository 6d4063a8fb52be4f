namespace Naru.Base.Flags;

/// <summary>A flag that may be repeated; every value is kept, in order.</summary>
/// <param name="validate">Checks one value and returns what is kept of it; null keeps it as it is.</param>
/// <param name="commas">True for pflag's slices, where one value may hold several between commas.</param>
public sealed class ListFlag(string name, char? shorthand, string usage, string type, Func<string, string>? validate, bool commas) : Flag(name, shorthand, usage)
{
    private readonly List<string> values = [];

    public override string Type => type;

    public IReadOnlyList<string> Values => values;

    /// <summary>The same list by another, hidden name.</summary>
    public Flag Renamed(string other) => new ValueFlag<bool>(other, null, Usage, Type, false, value =>
    {
        Set(value);
        return true;
    })
    { Hidden = true };

    protected override void Parse(string value)
    {
        try
        {
            foreach (var item in commas ? CommaSeparated.Split(value) : [value])
                values.Add(validate is null ? item : validate(item));
        }
        catch (NaruException e)
        {
            throw new FlagException(e.Message);
        }
    }
}
