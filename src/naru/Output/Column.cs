namespace Naru.Cli.Output;

/// <summary>One field of a row.</summary>
/// <param name="Hidden">Formats may name it, but `json` leaves it out.</param>
internal sealed record Column<T>(string Name, string Header, Func<T, object?> Value, bool Hidden = false);
