using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Naru.Cli.Build.Progress;
using Naru.Cli.Build.Solve;
using Naru.Cli.Commands.Images;
using Naru.Cli.Config;
using Naru.Cli.Grpc;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Commands.Builds;

/// <summary>Builds, and hands the result on: to registries, files and the user.</summary>
internal sealed class BuildResult(CliContext context, BuildFlags flags, BuildOptions options)
{
    public int Finish(ImageBuild build, IProgressDisplay display)
    {
        // A file of an earlier build must not look like this one's.
        if (flags.IdFile.Value.Length > 0)
            File.Delete(flags.IdFile);
        var response = Build(build, display).ExporterResponse;
        foreach (var output in options.Outputs)
        {
            if (output.Pushes && !build.BuilderPushes)
                Push(output);
        }

        var id = response.TryGetValue("containerimage.config.digest", out var config) ? config : response.TryGetValue("containerimage.digest", out var digest) ? digest : "";
        if (flags.IdFile.Value.Length > 0)
            File.WriteAllText(flags.IdFile, id);
        if (flags.MetadataFile.Value.Length > 0)
            AtomicFile.Write(Path.GetFullPath(flags.MetadataFile), Metadata(response, build.Request.Ref));
        if (flags.Quiet && id.Length > 0)
            context.Line(id);
        else
            Warn(build);
        return 0;
    }

    private SolveResponse Build(ImageBuild build, IProgressDisplay display)
    {
        try
        {
            return build.Run(display);
        }
        catch (GrpcException)
        {
            Warn(build);
            throw;
        }
    }

    /// <summary>Tells the warnings again, at the end.</summary>
    private void Warn(ImageBuild build)
    {
        if (!flags.Quiet && flags.Progress.Value != "rawjson")
            WarningReport.Write(build.Trace, flags.Debug || context.Globals.Debug, Streams.ErrorText);
    }

    /// <summary>Each name goes to its registry by the engine's own push.</summary>
    private void Push(OutputOption output)
    {
        var names = options.Tags.Count > 0 ? options.Tags : output.Attributes.GetValueOrDefault("name")?.Split(',') ?? [];
        foreach (var name in names)
        {
            var image = FamiliarName.Parse(name);
            if (!flags.Quiet)
                Streams.ErrorLine($"pushing {image.Text}");
            var query = new Query($"/images/{ImagePath.Of(image.Name)}/push").Add("tag", image.Reference);
            using var response = context.Engine.Send("POST", query, null, Credentials.Header(context.Config, image.AuthKey));
            try
            {
                new ProgressPrinter(flags.Quiet ? 0 : 2).Print(response.Body);
            }
            catch (ExitException e)
            {
                throw new ExitException(1, $"ERROR: failed to build: {e.Message}");
            }
        }
    }

    /// <summary>What the exporters said, by name; what is JSON in base64 is shown as JSON.</summary>
    private static byte[] Metadata(IEnumerable<KeyValuePair<string, string>> response, string build)
    {
        var sorted = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { ["buildx.build.ref"] = $"{BuilderName.Default}/{BuilderName.Default}/{build}" };
        foreach (var (name, value) in response)
            sorted[name] = Decoded(value) ?? JsonValue.Create(value);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = global::System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in sorted)
            {
                writer.WritePropertyName(name);
                value!.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static JsonNode? Decoded(string value)
    {
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var count) || count == 0 || bytes[0] is not ((byte)'{' or (byte)'['))
            return null;
        try
        {
            return JsonNode.Parse(bytes.AsSpan(0, count));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
