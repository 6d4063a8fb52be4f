using System.Text;
using System.Text.Json;

namespace Naru.Build.Planning;

/// <summary>What <c>--call=subrequests.describe</c> answers: what else than a build can be asked for.</summary>
public static class RequestList
{
    private static readonly string[] s_names = ["outline", "targets", "lint", "subrequests.describe"];

    private static readonly string[] s_descriptions =
        ["List all parameters current build target supports", "List all targets current build supports", "Lint a Dockerfile", "List available subrequest types"];

    /// <summary>BuildKit's <c>result.json</c> of <c>frontend.subrequests.describe</c>.</summary>
    public static byte[] ToJson() => CallJson.WriteList(writer =>
    {
        for (var number = 0; number < s_names.Length; number++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", "frontend." + s_names[number]);
            writer.WriteString("version", "1.0.0");
            writer.WriteString("type", "rpc");
            writer.WriteString("description", s_descriptions[number]);
            writer.WriteStartArray("opts");
            if (s_names[number] == "outline")
                Write(writer, "target", "Target build stage");
            writer.WriteEndArray();
            writer.WriteNull("inputs");
            writer.WriteStartArray("metadata");
            Write(writer, "result.json", "");
            Write(writer, "result.txt", "");
            writer.WriteEndArray();
            writer.WriteNull("refs");
            writer.WriteEndObject();
        }
    });

    /// <summary>BuildKit's <c>result.txt</c>.</summary>
    public static string ToText()
    {
        var rows = new List<string[]> { new[] { "NAME", "VERSION", "DESCRIPTION" } };
        for (var number = 0; number < s_names.Length; number++)
            rows.Add([s_names[number], "1.0.0", s_descriptions[number]]);
        var text = new StringBuilder();
        CallText.Append(text, rows, 1);
        return text.ToString();
    }

    private static void Write(Utf8JsonWriter writer, string name, string description)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("description", description);
        writer.WriteEndObject();
    }
}
