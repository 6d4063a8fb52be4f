using System.Text.Json;
using Naru.Base.Units;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>How a result came to be, in SLSA's words: what was asked for, of what it was made, when.</summary>
/// <remarks>slsa.dev/provenance/v0.2 and v1, with BuildKit's own fields (docs/attestations/slsa-definitions.md there).</remarks>
internal sealed class Provenance
{
    private const string BuildKit = "https://mobyproject.org/buildkit@v1";

    private readonly BuildFacts facts;
    private readonly ProvenanceOptions options;
    private readonly StepOrder order;
    private readonly Materials materials;
    private readonly InvocationFacts invocation;
    private readonly Func<Step, IReadOnlyList<Descriptor>?> layersOf;
    private readonly MemoryStream bytes = new();
    private readonly Utf8JsonWriter writer;

    private Provenance(BuildFacts facts, ProvenanceOptions options, Step? result, Func<Step, IReadOnlyList<Descriptor>?> layersOf)
    {
        this.facts = facts;
        this.options = options;
        this.layersOf = layersOf;
        order = new StepOrder(result);
        materials = new Materials(facts, order);
        invocation = new InvocationFacts(facts, options.Full);
        writer = new Utf8JsonWriter(bytes, Statement.Options(indented: false));
    }

    /// <param name="result">The step that made what is told of; null: scratch.</param>
    /// <param name="layersOf">The layers of a step's result as they are exported; null: it has none, or they are not known.</param>
    public static Attestation Of(BuildFacts facts, ProvenanceOptions options, Step? result, Func<Step, IReadOnlyList<Descriptor>?> layersOf)
    {
        var provenance = new Provenance(facts, options, result, layersOf);
        using (provenance.writer)
        {
            provenance.writer.WriteStartObject();
            if (options.IsVersionOne)
                provenance.WriteVersionOne();
            else
                provenance.WriteVersionZero();
            provenance.writer.WriteEndObject();
        }

        return new Attestation(options.PredicateType, provenance.bytes.ToArray(), options.FileName);
    }

    private bool HasAllMaterials => materials.Locals.Count == 0;

    private void WriteVersionZero()
    {
        WriteBuilder();
        writer.WriteString("buildType", BuildKit);
        WriteMaterials("materials");
        writer.WriteStartObject("invocation");
        writer.WriteStartObject("configSource");
        WriteConfigSource("entryPoint");
        writer.WriteEndObject();
        writer.WriteStartObject("parameters");
        invocation.Write(writer, materials);
        writer.WriteEndObject();
        writer.WriteStartObject("environment");
        writer.WriteString("platform", Platform.Host.Normalise().ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteBuildConfig();
        writer.WriteStartObject("metadata");
        writer.WriteString("buildInvocationID", facts.Id);
        WriteTimes("buildStartedOn", "buildFinishedOn");
        writer.WriteStartObject("completeness");
        writer.WriteBoolean("parameters", invocation.IsWhole);
        writer.WriteBoolean("environment", true);
        writer.WriteBoolean("materials", HasAllMaterials);
        writer.WriteEndObject();
        writer.WriteBoolean("reproducible", options.Reproducible);
        if (HasAllMaterials && !materials.UsesNetwork)
            writer.WriteBoolean(BuildKit + "#hermetic", true);
        writer.WriteStartObject(BuildKit + "#metadata");
        WriteMetadata();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteVersionOne()
    {
        writer.WriteStartObject("buildDefinition");
        writer.WriteString("buildType", "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md");
        WriteMaterials("resolvedDependencies");
        writer.WriteStartObject("externalParameters");
        writer.WriteStartObject("configSource");
        WriteConfigSource("path");
        writer.WriteEndObject();
        writer.WriteStartObject("request");
        invocation.Write(writer, materials);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("internalParameters");
        WriteBuildConfig();
        writer.WriteString("builderPlatform", Platform.Host.Normalise().ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("runDetails");
        WriteBuilder();
        writer.WriteStartObject("metadata");
        writer.WriteString("invocationId", facts.Id);
        WriteTimes("startedOn", "finishedOn");
        writer.WriteStartObject("buildkit_metadata");
        WriteMetadata();
        writer.WriteEndObject();
        if (HasAllMaterials && !materials.UsesNetwork)
            writer.WriteBoolean("buildkit_hermetic", true);
        writer.WriteStartObject("buildkit_completeness");
        writer.WriteBoolean("request", invocation.IsWhole);
        writer.WriteBoolean("resolvedDependencies", HasAllMaterials);
        writer.WriteEndObject();
        if (options.Reproducible)
            writer.WriteBoolean("buildkit_reproducible", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteBuilder()
    {
        writer.WriteStartObject("builder");
        writer.WriteString("id", options.BuilderId);
        writer.WriteEndObject();
    }

    private void WriteMaterials(string name)
    {
        if (materials.Sources.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var source in materials.Sources)
            Statement.Write(writer, "uri", source);
        writer.WriteEndArray();
    }

    /// <summary>Where the Dockerfile is from, where that is no folder of the client's.</summary>
    private void WriteConfigSource(string file)
    {
        if (facts.ReadStep is not ContextStep && facts.Attributes.GetValueOrDefault("context") is { Length: > 0 } url)
        {
            writer.WriteString("uri", UrlCredentials.Hide(url));
            foreach (var input in new StepOrder(facts.ReadStep).Steps)
            {
                if (facts.ResultOf(input)?.Folder?.Revision is not { Length: > 0 } revision)
                    continue;
                writer.WriteStartObject("digest");
                var colon = revision.IndexOf(':');
                writer.WriteString(colon < 0 ? "sha1" : revision[..colon], revision[(colon + 1)..]);
                writer.WriteEndObject();
                break;
            }
        }

        writer.WriteString(file, facts.FileName);
    }

    private void WriteBuildConfig()
    {
        if (!options.Full)
            return;
        writer.WriteStartObject("buildConfig");
        new BuildGraphJson(writer, order).Write();
        writer.WriteEndObject();
    }

    private void WriteTimes(string started, string finished)
    {
        writer.WriteString(started, GoTime.Nano(facts.Started));
        writer.WriteString(finished, GoTime.Nano(DateTimeOffset.UtcNow));
    }

    private void WriteMetadata()
    {
        if (invocation.Repository.Count > 0)
        {
            writer.WriteStartObject("vcs");
            foreach (var (name, value) in invocation.Repository)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        if (!options.Full)
            return;
        writer.WriteStartObject("source");
        writer.WriteStartObject("locations");
        for (var number = 0; number < order.Steps.Count; number++)
            WriteLocation(order.Steps[number], number);
        writer.WriteEndObject();
        WriteDockerfile();
        writer.WriteEndObject();
        WriteLayers();
    }

    private void WriteLocation(Step step, int number)
    {
        writer.WriteStartObject(BuildGraphJson.Name(number));
        if (step.Lines is { } lines)
        {
            writer.WriteStartArray("locations");
            writer.WriteStartObject();
            writer.WriteStartArray("ranges");
            for (var line = lines.Start; line <= lines.End; line++)
            {
                writer.WriteStartObject();
                WriteLine("start", line);
                WriteLine("end", line);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteLine(string name, int line)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("line", line);
        writer.WriteEndObject();
    }

    private void WriteDockerfile()
    {
        writer.WriteStartArray("infos");
        writer.WriteStartObject();
        writer.WriteString("filename", facts.FileName);
        writer.WriteString("language", "Dockerfile");
        writer.WriteBase64String("data", facts.Dockerfile);
        new BuildGraphJson(writer, new StepOrder(facts.ReadStep)).Write();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteLayers()
    {
        writer.WriteStartObject("layers");
        for (var number = 0; number < order.Steps.Count; number++)
        {
            if (layersOf(order.Steps[number]) is not { Count: > 0 } layers)
                continue;
            writer.WriteStartArray(BuildGraphJson.Name(number) + ":0");
            writer.WriteStartArray();
            foreach (var layer in layers)
            {
                writer.WriteStartObject();
                writer.WriteString("mediaType", layer.MediaType);
                writer.WriteString("digest", layer.Digest.ToString());
                writer.WriteNumber("size", layer.Size);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
