using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Linting;

namespace Naru.Build.Planning;

/// <summary>What <c>--call=check</c> answers.</summary>
/// <param name="Warnings">In the order they were noticed; the text has them by line.</param>
/// <param name="Error">Why the build would fail before anything ran; null: it would not.</param>
public sealed record CheckResult(string FileName, ReadOnlyMemory<byte> Source, IReadOnlyList<LintWarning> Warnings, NaruException? Error)
{
    /// <summary>Nothing is to be said against it.</summary>
    public bool IsClean => Warnings.Count == 0 && Error is null;

    /// <summary>BuildKit's <c>result.json</c> of <c>frontend.lint</c>.</summary>
    public byte[] ToJson() => CallJson.Write(writer =>
    {
        if (Warnings.Count == 0)
        {
            writer.WriteNull("warnings");
        }
        else
        {
            writer.WriteStartArray("warnings");
            foreach (var warning in Warnings)
            {
                writer.WriteStartObject();
                writer.WriteString("ruleName", warning.Rule.Name);
                writer.WriteString("description", warning.Rule.Description);
                writer.WriteString("url", warning.Rule.Url);
                writer.WriteString("detail", warning.Detail);
                CallJson.WriteLocation(writer, [warning.Lines]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("sources");
        writer.WriteStartObject();
        writer.WriteString("filename", FileName);
        writer.WriteBase64String("data", Source.Span);
        writer.WriteString("language", "Dockerfile");
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (Error is not null)
            WriteError(writer, Error);
    });

    /// <summary>BuildKit's <c>result.txt</c>.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        var file = new SourceFile(FileName, Source);
        foreach (var warning in Linter.Sorted(Warnings))
            text.Append($"\nWARNING: {warning.Rule.Name} - {warning.Rule.Url}\n{warning.Detail}\n{file.Show(warning.Lines)}");
        if (Error is not null)
            text.Append($"\nERROR: {Error.Message}\n{(Error as DockerfileException)?.Shown}");
        return text.ToString();
    }

    private static void WriteError(Utf8JsonWriter writer, NaruException error)
    {
        writer.WriteStartObject("buildError");
        writer.WriteString("message", error.Message);
        CallJson.WriteLocation(writer, (error as DockerfileException)?.Ranges ?? []);
        writer.WriteEndObject();
    }
}
