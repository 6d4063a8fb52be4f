using System.Globalization;

namespace Naru.Cli.Build.Progress;

/// <summary>Sizes as BuildKit's progress shows them: powers of 1000, two decimals above bytes ("1.98MB", "77B").</summary>
internal static class SizeText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Of(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; Math.Abs(value) >= 1000 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return value.ToString(unit == 0 ? "0" : "0.00", CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>"12.34MB / 56.78MB", "12.34MB", or nothing.</summary>
    public static string Progress(StepStatus status) =>
        status.Total != 0 ? $"{Of(status.Current)} / {Of(status.Total)}" : status.Current != 0 ? Of(status.Current) : "";

    /// <summary>Seconds with one decimal: "0.3s".</summary>
    public static string Seconds(long nanoseconds) => (Math.Max(0, nanoseconds) / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + "s";
}
