namespace Naru.Cli;

/// <summary>What this client says of itself.</summary>
internal static class ClientVersion
{
    public const string Version = "0.1.0";

    public const string Commit = "unknown";

    public const string Runtime = "NativeAOT";
}
