using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Commands.Images;

/// <summary>A platform as those parts of the API take it that want JSON.</summary>
internal static class PlatformText
{
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
