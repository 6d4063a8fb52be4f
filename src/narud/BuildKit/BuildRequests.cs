using Google.Protobuf.Collections;
using Naru.Base;
using Naru.Build;
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
        CheckFrontend(request.Frontend);
        CheckInputs(request.FrontendInputs);
        return new BuildRequest { Attributes = new Dictionary<string, string>(request.FrontendAttrs), Entitlements = request.Entitlements };
    }

    /// <summary>A build that the client, as its own frontend, asks for within a Control.Solve.</summary>
    public static BuildRequest From(GatewayRequest request, SolveRequest whole)
    {
        CheckFrontend(request.Frontend);
        CheckInputs(request.FrontendInputs);
        return new BuildRequest { Attributes = new Dictionary<string, string>(request.FrontendOpt), Entitlements = whole.Entitlements };
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

    private static void CheckFrontend(string name)
    {
        if (name != Frontend)
            throw new NaruException(ErrorKind.Unimplemented, $"unknown frontend \"{name}\": this engine has {Frontend}");
    }

    private static void CheckInputs(MapField<string, Rpc.Llb.Definition> inputs)
    {
        foreach (var (name, definition) in inputs)
        {
            if (definition.Def.Count > 0)
                throw new NaruException(ErrorKind.Unimplemented, $"input {name}: a graph of low-level steps (LLB) of the client's own is not accepted");
        }
    }
}
