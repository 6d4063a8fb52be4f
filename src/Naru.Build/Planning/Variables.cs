namespace Naru.Build.Planning;

/// <summary>Variables in the order they were first set.</summary>
internal sealed class Variables
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, string> values = [];
    private IReadOnlyList<string>? list;

    public IReadOnlyList<string> Names => names;

    public IReadOnlyDictionary<string, string> Values => values;

    public string? Get(string name) => values.GetValueOrDefault(name);

    public void Set(string name, string value)
    {
        list = null;
        if (values.TryAdd(name, value))
            names.Add(name);
        else
            values[name] = value;
    }

    public Variables Clone()
    {
        var clone = new Variables();
        foreach (var name in names)
            clone.Set(name, values[name]);
        return clone;
    }

    /// <summary><c>NAME=value</c> each; one list for all who ask before the next change.</summary>
    public IReadOnlyList<string> ToList()
    {
        if (list is null)
        {
            var lines = new List<string>(names.Count);
            foreach (var name in names)
                lines.Add(name + "=" + values[name]);
            list = lines;
        }

        return list;
    }
}
