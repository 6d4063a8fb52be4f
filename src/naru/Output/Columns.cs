namespace Naru.Cli.Output;

/// <summary>One kind of row that can be listed: its fields' names, headers and values.</summary>
/// <param name="TypeName">Docker's formatter type, shown when a format names an unknown field.</param>
/// <param name="Fields">Name, column header, value (text, list, map, null).</param>
/// <param name="Label">What `{{.Label "key"}}` gives, on the rows that have labels.</param>
internal sealed record Columns<T>(string TypeName, IReadOnlyList<Column<T>> Fields, Func<T, IReadOnlyDictionary<string, string>?>? Label = null);
