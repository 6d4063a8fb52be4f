using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Output;

/// <summary>One kind of row that can be listed: its fields' names, headers and values.</summary>
/// <param name="TypeName">Docker's formatter type, shown when a format names an unknown field.</param>
/// <param name="Fields">Name, column header, value (text, list or map).</param>
internal sealed record Columns<T>(string TypeName, IReadOnlyList<Column<T>> Fields);

/// <summary>One field of a row.</summary>
internal sealed record Column<T>(string Name, string Header, Func<T, object> Value);
