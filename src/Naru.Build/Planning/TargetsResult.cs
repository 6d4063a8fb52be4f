using System.Text;
using Naru.Build.Dockerfile;

namespace Naru.Build.Planning;

/// <summary>What <c>--call=targets</c> answers: the stages of a Dockerfile.</summary>
public sealed class TargetsResult
{
    private readonly DockerfileDocument document;

    private TargetsResult(DockerfileDocument document) => this.document = document;

    internal static TargetsResult Of(DockerfileDocument document) => new(document);

    /// <summary>BuildKit's <c>result.json</c> of <c>frontend.targets</c>.</summary>
    public byte[] ToJson() => CallJson.Write(writer =>
    {
        writer.WriteStartArray("targets");
        foreach (var stage in document.Stages)
        {
            writer.WriteStartObject();
            CallJson.WriteUnlessEmpty(writer, "name", stage.Name);
            if (ReferenceEquals(stage, document.Stages[^1]))
                writer.WriteBoolean("default", true);
            CallJson.WriteUnlessEmpty(writer, "description", stage.From.Description);
            CallJson.WriteUnlessEmpty(writer, "base", stage.From.Base);
            CallJson.WriteUnlessEmpty(writer, "platform", stage.From.Platform);
            CallJson.WriteLocation(writer, [stage.From.Lines]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("sources");
        writer.WriteBase64StringValue(document.File.Content.Span);
        writer.WriteEndArray();
    });

    /// <summary>BuildKit's <c>result.txt</c>.</summary>
    public string ToText()
    {
        var rows = new List<string[]> { new[] { "TARGET", "DESCRIPTION" } };
        foreach (var stage in document.Stages)
        {
            var isDefault = ReferenceEquals(stage, document.Stages[^1]);
            rows.Add([(stage.Name + (isDefault ? " (default)" : "")).TrimStart(), stage.From.Description]);
        }

        var text = new StringBuilder();
        CallText.Append(text, rows, 1);
        return text.ToString();
    }
}
