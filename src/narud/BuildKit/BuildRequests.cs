using Google.Protobuf.Collections;
using Naru.Base;
using Naru.Build;
using Naru.Build.Cache.Remote;
using Naru.Build.Solver;
using Naru.Rpc.BuildKit;
using GatewayRequest = Naru.Rpc.Gateway.SolveRequest;

namespace Naru.Daemon.BuildKit;

/// <summary>What the two ways of asking for a build say, in the builder's words.</summary>
internal static class BuildRequests
{
    private const string Frontend = "dockerfile.v0", Inline = "inline";

    public static NaruException NoDefinitions() =>
        new(ErrorKind.Unimplemented, "this engine builds Dockerfiles; a graph of low-level steps (LLB) of the client's own is not accepted");

    /// <summary>A build that is the whole of a Control.Solve.</summary>
    public static BuildRequest From(SolveRequest request, BuildRegistry builds)
    {
        Check(request.Frontend, request);
        return new BuildRequest { Given = Given(request.FrontendInputs, builds), Attributes = Attributes(request.FrontendAttrs), Entitlements = request.Entitlements, Id = request.Ref, CacheFrom = CacheImports(request) };
    }

    /// <summary>A build that the client, as its own frontend, asks for within a Control.Solve.</summary>
    public static BuildRequest From(GatewayRequest request, SolveRequest whole, BuildRegistry builds)
    {
        Check(request.Frontend, whole);
        return new BuildRequest { Given = Given(request.FrontendInputs, builds), Attributes = Attributes(request.FrontendOpt), Entitlements = whole.Entitlements, Id = whole.Ref, CacheFrom = CacheImports(whole) };
    }

    /// <summary>The outputs that are asked for, in the order by which the client numbers them.</summary>
    public static IReadOnlyList<ExportRequest> Exports(SolveRequest request)
    {
        var exports = new List<ExportRequest>();
        var inline = request.Cache?.Exports.Any(export => export.Type == Inline) == true;
        foreach (var exporter in request.Exporters)
            exports.Add(new ExportRequest { Type = exporter.Type, Attributes = new Dictionary<string, string>(exporter.Attrs), Number = exports.Count, InlineCache = inline });

        // Clients of before 0.13 name one, in fields of its own.
        if (exports.Count == 0 && request.ExporterDeprecated.Length > 0)
            exports.Add(new ExportRequest { Type = request.ExporterDeprecated, Attributes = new Dictionary<string, string>(request.ExporterAttrsDeprecated), InlineCache = inline });
        return exports;
    }

    /// <summary>Where the build's cache is to be written; the one that images carry themselves is not among them.</summary>
    /// <returns>Folders of the client's come last: the manifest that is told last is the one that it writes down as theirs.</returns>
    public static IReadOnlyList<CacheOption> CacheExports(SolveRequest request)
    {
        List<CacheOption> folders = [], others = [];
        foreach (var export in request.Cache?.Exports ?? [])
        {
            if (export.Type != Inline)
                (export.Type == "local" ? folders : others).Add(Option(export));
        }

        return [.. others, .. folders];
    }

    /// <summary>Caches that a build is asked to look in.</summary>
    private static List<CacheOption> CacheImports(SolveRequest request)
    {
        var options = new List<CacheOption>();
        foreach (var import in request.Cache?.Imports ?? [])
            options.Add(Option(import));

        // Clients of before 0.4 name images alone, among the frontend's attributes.
        if (options.Count == 0 && request.FrontendAttrs.TryGetValue("cache-from", out var references))
            options.AddRange(CacheOption.Of("registry", references.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        return options;
    }

    private static CacheOption Option(CacheOptionsEntry entry) => new() { Type = entry.Type, Attributes = new Dictionary<string, string>(entry.Attrs) };

    /// <summary>Without the caches, which the request itself names too.</summary>
    private static Dictionary<string, string> Attributes(MapField<string, string> given)
    {
        var attributes = new Dictionary<string, string>(given);
        attributes.Remove("cache-imports");
        attributes.Remove("cache-from");
        return attributes;
    }

    /// <summary>What other builds of the client's made, as it hands that in.</summary>
    private static Dictionary<string, SolvedImage> Given(MapField<string, Rpc.Llb.Definition> inputs, BuildRegistry builds)
    {
        var given = new Dictionary<string, SolvedImage>();
        foreach (var (name, definition) in inputs)
        {
            // Nothing at all is scratch, and nobody asks for it by name.
            if (definition.Def.Count == 0)
                continue;
            given[name] = ResultDefinitions.NameOf(definition) is { } result ? builds.Result(result)
                : throw new NaruException(ErrorKind.Unimplemented, $"input {name}: a graph of low-level steps (LLB) of the client's own is not accepted");
        }

        return given;
    }

    private static void Check(string frontend, SolveRequest request)
    {
        if (frontend != Frontend)
            throw new NaruException(ErrorKind.Unimplemented, $"unknown frontend \"{frontend}\": this engine has {Frontend}");
        foreach (var export in request.Cache?.Exports ?? [])
            Builder.Check(Option(export));
        if (request.SourcePolicy?.Rules.Count > 0)
            throw new NaruException(ErrorKind.Unimplemented, "source policies are not supported by this engine");
    }
}
