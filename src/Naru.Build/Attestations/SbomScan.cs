using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Build.Solver;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>Has a generator's image list the parts of a result: it runs as a step of the build, and what it writes are the statements.</summary>
/// <remarks>
/// BuildKit's scanner protocol (docs/attestations/sbom-protocol.md there): the files are shown below <c>/run/src</c>, and each file below
/// <c>/run/out</c> is one in-toto statement, its subject left to the builder.
/// </remarks>
internal sealed class SbomScan(Solver.Solver solver, StepRunner runner, ResolvedImage generator, SbomOptions options)
{
    private const string Source = "/run/src/core/sbom", Extras = "/run/src/extras", Output = "/run/out";

    /// <summary>More than any list of packages has.</summary>
    private const long MostBytes = 256L << 20;

    /// <param name="place">A path that is free, to show the generator's output at.</param>
    /// <exception cref="StepFailedException">The generator failed.</exception>
    /// <exception cref="NaruException">InvalidArgument: what it wrote is no statement.</exception>
    public async Task<IReadOnlyList<Attestation>> Run(PlannedImage image, string place, CancellationToken cancel)
    {
        var result = await solver.Solve(Step(image));
        using var tree = await runner.Open(result, place, cancel);
        return Read(tree.Path);
    }

    private RunStep Step(PlannedImage image)
    {
        var name = ImageReference.Parse(generator.Reference).ToString();
        var config = generator.Config.Config;
        IReadOnlyList<string> arguments = [.. config?.Entrypoint ?? [], .. config?.Cmd ?? []];
        if (arguments.Count == 0)
            throw NaruException.Invalid($"sbom generator {name} has neither an entrypoint nor a command");
        var root = new ImageStep { Name = $"docker-image://{name}", Platform = Platform.Host, Image = generator };
        var user = config?.User ?? "";
        List<RunMount> mounts = [new() { Kind = RunMountKind.Bind, Target = Source, From = image.Result }, new() { Kind = RunMountKind.Tmpfs, Target = "/tmp" }];
        foreach (var (extra, step) in image.Scans)
            mounts.Add(new RunMount { Kind = RunMountKind.Bind, Target = $"{Extras}/sbom-{extra}", From = step });
        return new RunStep
        {
            Name = $"[{image.Platform}] generating sbom using {name}",
            Platform = Platform.Host,
            Root = new FileStep
            {
                Name = "[internal] make a place for the sbom",
                Platform = Platform.Host,
                Root = root,
                Actions = [new MakeFolderAction { Path = Output, Owner = user.Length > 0 ? user : null }],
            },
            Arguments = arguments,
            Environment = Environment(config?.Env ?? [], image.Scans.Count > 0),
            WorkingFolder = config?.WorkingDir is { Length: > 0 } folder ? folder : "/",
            User = user,
            Mounts = mounts,
        };
    }

    private List<string> Environment(IReadOnlyList<string> own, bool extras)
    {
        List<string> variables = [.. own, $"BUILDKIT_SCAN_SOURCE={Source}", $"BUILDKIT_SCAN_DESTINATION={Output}/"];
        if (extras)
            variables.Add($"BUILDKIT_SCAN_SOURCE_EXTRAS={Extras}");
        foreach (var (name, value) in options.Parameters)
            variables.Add($"BUILDKIT_SCAN_{name}={value}");
        return variables;
    }

    private List<Attestation> Read(string folder)
    {
        List<Attestation> found = [];
        using var tree = new TreeReader(folder);
        foreach (var entry in tree.Walk(Encoding.UTF8.GetBytes(Output[1..])))
        {
            if (entry.Kind != TreeEntryKind.File)
                continue;
            var name = Encoding.UTF8.GetString(entry.Path);
            name = name[(name.LastIndexOf('/') + 1)..];
            if (entry.Size > MostBytes)
                throw NaruException.Invalid($"sbom generator {generator.Reference}: {name} has more than {MostBytes >> 20} MiB");
            using var handle = tree.Open(entry.Path);
            var statement = Parse(name, Linux.Files.ReadAll(handle));
            // That of the result itself comes before those of its stages.
            found.Insert(name == "sbom.spdx.json" ? 0 : found.Count, statement);
        }

        return found.Count > 0 ? found : throw NaruException.Invalid($"sbom generator {generator.Reference} wrote nothing to {Output}");
    }

    /// <summary>A statement as the generator wrote it; its predicate is handed on as it is.</summary>
    internal static Attestation Parse(string name, byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var statement = document.RootElement;
            if (statement.ValueKind != JsonValueKind.Object || !statement.TryGetProperty("predicate", out var predicate) || predicate.ValueKind != JsonValueKind.Object)
                throw NaruException.Invalid($"sbom {name} is no in-toto statement");
            var type = statement.TryGetProperty("predicateType", out var said) ? said.ToString() : "";
            if (type != Attestation.Spdx)
                throw NaruException.Invalid($"bundle entry {name} does not match required predicate type {Attestation.Spdx}: it is {GoText.Quote(type)}");
            return new Attestation(type, Encoding.UTF8.GetBytes(predicate.GetRawText()), name) { Subjects = Subjects(statement) };
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"sbom {name} is no JSON: {e.Message}", e);
        }
    }

    private static List<Subject> Subjects(JsonElement statement)
    {
        List<Subject> subjects = [];
        if (!statement.TryGetProperty("subject", out var list) || list.ValueKind != JsonValueKind.Array)
            return subjects;
        foreach (var one in list.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out var name) && one.TryGetProperty("digest", out var digests) && digests.ValueKind == JsonValueKind.Object
                && digests.TryGetProperty("sha256", out var hex))
                subjects.Add(new Subject(name.ToString(), hex.ToString()));
        }

        return subjects;
    }
}
