using Naru.Base;
using Naru.Build.Attestations;
using Naru.Build.Context;
using Naru.Build.Execution;
using Naru.Build.Progress;
using Naru.Build.Sources;
using Naru.Engine;
using Naru.Images;

namespace Naru.Build.Export;

/// <summary>What can become of a result, by BuildKit's names.</summary>
internal sealed class Exports(EngineHost engine, ImageExport images, ImageSource sources, StepRunner runner)
{
    /// <summary>What progress calls the step.</summary>
    /// <exception cref="NaruException">InvalidArgument: there is no such exporter.</exception>
    public static string Describe(string type) => type switch
    {
        "moby" or "image" => "exporting to image",
        "docker" => "exporting to docker image format",
        "oci" => "exporting to oci image format",
        "local" => "exporting to client directory",
        "tar" => "exporting to client tarball",
        _ => throw NaruException.Invalid($"exporter \"{type}\" could not be found"),
    };

    /// <returns>BuildKit's exporter response.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Export(BuildResult result, ExportRequest request, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        switch (request.Type)
        {
            case "moby" or "image":
                return await images.Export(result, ImageOptions.Parse(request.Attributes, result.Epoch) with { IsAttested = result.IsAttested, InlineCache = request.InlineCache }, session, watcher, cancel);
            case "docker" or "oci":
                var options = ImageOptions.ParseArchive(request.Type, request.Attributes, result.Epoch) with { IsAttested = result.IsAttested, InlineCache = request.InlineCache };
                if (result.IsAttested && request.Type == "docker")
                    throw NaruException.Invalid("docker exporter does not support exporting manifest lists, use the oci exporter instead");
                return await images.Archive(result, options, metadata => session.OpenOutput(request.Number, metadata, cancel), session, watcher, cancel);
            default:
                await Files(result, request, session, watcher, cancel);
                return new Dictionary<string, string>();
        }
    }

    /// <summary>The files of the results themselves.</summary>
    private async Task Files(BuildResult result, ExportRequest request, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        var place = Path.Combine(engine.Paths.BuildState, "export-" + Guid.NewGuid().ToString("N"));
        var options = FolderOptions.Parse(request.Attributes);
        var epoch = options.Epoch ?? result.Epoch;
        Directory.CreateDirectory(place);
        List<MountedTree> mounted = [];
        try
        {
            List<ExportedTree> trees = [];
            foreach (var image in result.Images)
            {
                await sources.Fetch(image.Result.Image, session, cancel);
                mounted.Add(await runner.Open(image.Result, Path.Combine(place, Name(mounted.Count)), cancel));
                var files = mounted[^1].Path;
                if (result.Said(image, _ => null, inline: false) is { Count: > 0 } said)
                {
                    var statements = Path.Combine(place, Name(mounted.Count));
                    AttestationFiles.Write(statements, said, FileSubjects.Of(files, cancel), options, epoch);
                    mounted.Add(MountedTree.Open([statements, files], Path.Combine(place, Name(mounted.Count) + "-with")));
                    files = mounted[^1].Path;
                }

                trees.Add(new ExportedTree(image.Planned.Platform, files));
            }

            var folders = options.Folders(trees);
            if (request.Type == "local")
            {
                await LocalExport.Send(trees, folders, Path.Combine(place, "all"), session, request.Number, epoch, bytes => watcher.Count("copying files", bytes), cancel);
            }
            else
            {
                watcher.Begin("sending tarball");
                await using var output = await session.OpenOutput(request.Number, new Dictionary<string, string>(), cancel);
                await Task.Run(() => TarExport.Write(trees, folders, epoch, new BlockingStream(output, cancel), cancel), cancel);
            }

            watcher.Finish();
        }
        finally
        {
            // What shows others' files goes before them.
            for (var number = mounted.Count - 1; number >= 0; number--)
                mounted[number].Dispose();
            Directory.Delete(place, recursive: true);
        }
    }

    private static string Name(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
