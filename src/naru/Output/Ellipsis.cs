namespace Naru.Cli.Output;

/// <summary>Shortening, as listings do it.</summary>
internal static class Ellipsis
{
    /// <summary>At most <paramref name="width"/> letters, the last of them … when some were cut.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : width <= 1 ? text[..width] : text[..(width - 1)] + "…";

    /// <summary>The twelve digits that people read, without the algorithm.</summary>
    public static string Id(string id)
    {
        var colon = id.IndexOf(':');
        var digits = colon < 0 ? id : id[(colon + 1)..];
        return digits.Length > 12 ? digits[..12] : digits;
    }
}
