namespace Naru.Cli;

/// <summary>What this client says of itself.</summary>
internal static class ClientVersion
{
    public const string Version = "0.1.0";

    /// <summary>What it was built with, where docker says its version of Go.</summary>
    public static string Runtime => $"dotnet{Environment.Version}";
}
