using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Commands.Images;

/// <summary>A platform as those parts of the API take it that want JSON.</summary>
internal static class PlatformText
{
    /// <summary>This machine's, in OCI's words: "linux/amd64".</summary>
    public static string Local => "linux/" + global::System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <param name="text">os[/arch[/variant]].</param>
    public static string Json(string text)
    {
        var json = new StringBuilder("{");
        var names = (string[])["os", "architecture", "variant"];
        var parts = text.Split('/', 3);
        for (var index = 0; index < parts.Length; index++)
        {
            json.Append(index > 0 ? "," : "").Append('"').Append(names[index]).Append("\":");
            GoPrint.WriteJsonText(json, parts[index]);
        }

        return json.Append('}').ToString();
    }
}
