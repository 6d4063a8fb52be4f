using Naru.Base.Units;

namespace Naru.Cli.Output;

/// <summary>Times in listings.</summary>
internal static class HumanTime
{
    /// <summary>"3 hours ago"; empty for an image without a time.</summary>
    public static string Since(long unixSeconds) => HumanDuration.Format(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(unixSeconds)) + " ago";

    public static string Local(long unixSeconds) => GoTime.LocalText(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
}
