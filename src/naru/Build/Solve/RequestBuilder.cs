using System.Text.Json.Nodes;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Solve;

/// <summary>Turns what a build was asked for into BuildKit's request.</summary>
internal static class RequestBuilder
{
    public const string Frontend = "dockerfile.v0";

    /// <param name="builderPushes">Otherwise the engine pushes, once the image is there.</param>
    /// <param name="attributes">For the frontend: the options' own and those of the contexts.</param>
    public static SolveRequest Build(BuildOptions options, IReadOnlyDictionary<string, string> attributes, string session, IReadOnlyList<OutputOption> outputs, bool builderPushes)
    {
        var request = new SolveRequest { Ref = Session.BuildSession.NewId(), Session = session, Frontend = Frontend, Cache = new CacheOptions() };
        foreach (var (name, value) in attributes)
            request.FrontendAttrs[name] = value;
        request.Entitlements.AddRange(options.Entitlements);
        foreach (var option in options.CacheFrom)
            request.Cache.Imports.Add(Entry(option));
        // BuildKit's own frontend reads them here.
        if (options.CacheFrom.Count > 0)
            request.FrontendAttrs["cache-imports"] = Imports(options.CacheFrom);
        foreach (var option in options.CacheTo)
            request.Cache.Exports.Add(Entry(option));
        foreach (var output in outputs)
        {
            if (output.Type != "cacheonly")
                request.Exporters.Add(Exporter(output, options, builderPushes));
        }

        // Builders before 0.14 read one exporter, from here.
        if (request.Exporters.Count > 0)
        {
            request.ExporterDeprecated = request.Exporters[0].Type;
            request.ExporterAttrsDeprecated.Add(request.Exporters[0].Attrs);
        }

        request.EnableSessionExporter = outputs.Any(output => output.Destination.Length > 0);
        return request;
    }

    private static Exporter Exporter(OutputOption output, BuildOptions options, bool builderPushes)
    {
        var exporter = new Exporter { Type = output.IsImage ? "moby" : output.Type };
        foreach (var (name, value) in output.Attributes)
        {
            if (name != "push" || !output.IsImage || builderPushes)
                exporter.Attrs[name] = value;
        }

        if (output.Type is "local" or "tar")
            return exporter;
        if (options.Tags.Count > 0)
            exporter.Attrs["name"] = string.Join(',', options.Tags);
        foreach (var (name, value) in options.Annotations)
            exporter.Attrs[name] = value;
        return exporter;
    }

    private static string Imports(IReadOnlyList<CacheOption> options)
    {
        var list = new JsonArray();
        foreach (var option in options)
        {
            var attributes = new JsonObject();
            foreach (var (name, value) in option.Attributes)
                attributes[name] = value;
            list.Add((JsonNode)new JsonObject { ["Type"] = option.Type, ["Attrs"] = attributes });
        }

        return list.ToJsonString();
    }

    private static CacheOptionsEntry Entry(CacheOption option)
    {
        var entry = new CacheOptionsEntry { Type = option.Type };
        foreach (var (name, value) in option.Attributes)
            entry.Attrs[name] = value;
        return entry;
    }
}
