using System.Text;
using Google.Protobuf.Collections;
using Naru.Base;
using Naru.Build;
using Naru.Build.Progress;
using Naru.Oci;
using Naru.Rpc.BuildKit;
using GatewayRequest = Naru.Rpc.Gateway.SolveRequest;

namespace Naru.Daemon.BuildKit;

/// <summary>What the two ways of asking for a build say, in the builder's words.</summary>
internal static class BuildRequests
{
    private const string Frontend = "dockerfile.v0";

    public static NaruException NoDefinitions() =>
        new(ErrorKind.Unimplemented, "this engine builds Dockerfiles; a graph of low-level steps (LLB) of the client's own is not accepted");

    /// <summary>A build that is the whole of a Control.Solve.</summary>
    public static BuildRequest From(SolveRequest request)
    {
        Check(request.Frontend, request.FrontendInputs, request);
        return new BuildRequest { Attributes = Attributes(request.FrontendAttrs), Entitlements = request.Entitlements, Id = request.Ref };
    }

    /// <summary>A build that the client, as its own frontend, asks for within a Control.Solve.</summary>
    public static BuildRequest From(GatewayRequest request, SolveRequest whole)
    {
        Check(request.Frontend, request.FrontendInputs, whole);
        return new BuildRequest { Attributes = Attributes(request.FrontendOpt), Entitlements = whole.Entitlements, Id = whole.Ref };
    }

    /// <summary>The outputs that are asked for, in the order by which the client numbers them.</summary>
    public static IReadOnlyList<ExportRequest> Exports(SolveRequest request)
    {
        var exports = new List<ExportRequest>();
        foreach (var exporter in request.Exporters)
            exports.Add(new ExportRequest { Type = exporter.Type, Attributes = new Dictionary<string, string>(exporter.Attrs), Number = exports.Count });

        // Clients of before 0.13 name one, in fields of its own.
        if (exports.Count == 0 && request.ExporterDeprecated.Length > 0)
            exports.Add(new ExportRequest { Type = request.ExporterDeprecated, Attributes = new Dictionary<string, string>(request.ExporterAttrsDeprecated) });
        return exports;
    }

    /// <summary>Caches that a build is asked to look in, and that this builder cannot read: the client is told, and the build goes on, as where one is not there.</summary>
    public static void TellImports(SolveRequest request, BuildProgress progress)
    {
        foreach (var import in request.Cache?.Imports ?? [])
        {
            var (type, attributes) = (import.Type, import.Attrs);
            var name = attributes.TryGetValue("ref", out var reference) ? reference : attributes.TryGetValue("src", out var source) ? source : type;
            var now = DateTimeOffset.UtcNow;
            progress.Add(new StepChanged(Digest.Of(Encoding.UTF8.GetBytes($"import {type} {name}")))
            {
                Name = $"importing cache manifest from {name}",
                Started = now,
                Completed = now,
                Error = $"cache import of type {type} is not supported by this engine: built without it",
            });
        }
    }

    /// <summary>Without the caches, which the request itself names too.</summary>
    private static Dictionary<string, string> Attributes(MapField<string, string> given)
    {
        var attributes = new Dictionary<string, string>(given);
        attributes.Remove("cache-imports");
        attributes.Remove("cache-from");
        return attributes;
    }

    private static void Check(string frontend, MapField<string, Rpc.Llb.Definition> inputs, SolveRequest request)
    {
        if (frontend != Frontend)
            throw new NaruException(ErrorKind.Unimplemented, $"unknown frontend \"{frontend}\": this engine has {Frontend}");
        foreach (var (name, definition) in inputs)
        {
            if (definition.Def.Count > 0)
                throw new NaruException(ErrorKind.Unimplemented, $"input {name}: a graph of low-level steps (LLB) of the client's own is not accepted");
        }

        foreach (var export in request.Cache?.Exports ?? [])
            throw new NaruException(ErrorKind.Unimplemented, $"cache export of type {export.Type} is not supported by this engine");
        if (request.SourcePolicy?.Rules.Count > 0)
            throw new NaruException(ErrorKind.Unimplemented, "source policies are not supported by this engine");
    }
}
