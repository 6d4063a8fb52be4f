using Naru.Base;
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
                return await images.Export(result.Images, ImageOptions.Parse(request.Attributes, result.Epoch), session, watcher, cancel);
            case "docker" or "oci":
                var options = ImageOptions.ParseArchive(request.Type, request.Attributes, result.Epoch);
                return await images.Archive(result.Images, options, metadata => session.OpenOutput(request.Number, metadata, cancel), session, watcher, cancel);
            default:
                await Files(result, request, session, watcher, cancel);
                return new Dictionary<string, string>();
        }
    }

    /// <summary>The files of the results themselves.</summary>
    private async Task Files(BuildResult result, ExportRequest request, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        var place = Path.Combine(engine.Paths.BuildState, "export-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(place);
        List<MountedTree> mounted = [];
        try
        {
            List<ExportedTree> trees = [];
            foreach (var image in result.Images)
            {
                await sources.Fetch(image.Result.Image, session, cancel);
                mounted.Add(await runner.Open(image.Result, Path.Combine(place, mounted.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancel));
                trees.Add(new ExportedTree(image.Planned.Platform, mounted[^1].Path));
            }

            var options = FolderOptions.Parse(request.Attributes);
            var folders = options.Folders(trees);
            if (request.Type == "local")
            {
                await LocalExport.Send(trees, folders, Path.Combine(place, "all"), session, request.Number, bytes => watcher.Count("copying files", bytes), cancel);
            }
            else
            {
                watcher.Begin("sending tarball");
                await using var output = await session.OpenOutput(request.Number, new Dictionary<string, string>(), cancel);
                await Task.Run(() => TarExport.Write(trees, folders, options.Epoch ?? result.Epoch, new BlockingStream(output, cancel), cancel), cancel);
            }

            watcher.Finish();
        }
        finally
        {
            foreach (var tree in mounted)
                tree.Dispose();
            Directory.Delete(place, recursive: true);
        }
    }
}
