namespace Naru.Cli.Commands.Images;

/// <summary>An image's name within a path: escaped, but for the slashes and colons that the API wants as they are.</summary>
internal static class ImagePath
{
    public static string Of(string name) => EngineClient.Escape(name).Replace("%2F", "/").Replace("%3A", ":").Replace("%40", "@");
}
