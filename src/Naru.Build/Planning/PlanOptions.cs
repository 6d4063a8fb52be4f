using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>What a build is asked to be, besides its Dockerfile.</summary>
public sealed record PlanOptions
{
    /// <summary>The stage to build, by name or number; empty: the last.</summary>
    public string Target { get; init; } = "";

    public IReadOnlyDictionary<string, string> BuildArgs { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels of the image, over the Dockerfile's.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>One result for each; never empty.</summary>
    public required IReadOnlyList<Platform> Platforms { get; init; }

    /// <summary>Nobody asked for the platform: the image keeps that of its base.</summary>
    public bool PlatformIsImplied { get; init; }

    /// <summary>The platform of the machine that builds (BUILDPLATFORM).</summary>
    public Platform BuildPlatform { get; init; } = Platform.Host;

    /// <summary>Runs every step.</summary>
    public bool NoCache { get; init; }

    /// <summary>Runs every step of these stages.</summary>
    public IReadOnlyList<string> NoCacheStages { get; init; } = [];

    /// <summary>Of RUNs that choose none.</summary>
    public RunNetwork Network { get; init; }

    /// <summary><c>network.host</c>, <c>security.insecure</c>: what RUN may ask for.</summary>
    public IReadOnlyList<string> Entitlements { get; init; } = [];

    /// <summary><c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Bytes; 0 for the default.</summary>
    public long ShmSize { get; init; }

    /// <summary><c>name=soft:hard</c>.</summary>
    public IReadOnlyList<string> Ulimits { get; init; } = [];

    public string? CgroupParent { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Where COPY and ADD find files: the name by which the client knows the folder, when <see cref="ContextStep"/> is null.</summary>
    public string ContextLocal { get; init; } = "context";

    /// <summary>The context where it is no folder of the client's (git, an archive of a URL): its root is the context's.</summary>
    public Step? ContextStep { get; init; }

    /// <summary>Patterns of .dockerignore.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary><c>--build-context</c>: name to <c>local:NAME</c>, <c>docker-image://REF</c>, <c>oci-layout://STORE@DIGEST</c>, <c>input:NAME</c>, a git or archive URL; others are refused by name. A name takes the place of a stage or an image.</summary>
    public IReadOnlyDictionary<string, string> NamedContexts { get; init; } = new Dictionary<string, string>();

    /// <summary>What contexts of the form <c>input:NAME</c> stand for: other builds' results.</summary>
    public IReadOnlyDictionary<string, Solver.SolvedImage> Given { get; init; } = new Dictionary<string, Solver.SolvedImage>();

    /// <summary>Patterns of the .dockerignore of those named contexts that are folders of the client's, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NamedIgnore { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Stands for «now» in what the image says; null: the times at which steps were made.</summary>
    public DateTimeOffset? SourceDateEpoch { get; init; }

    /// <summary>Variables of the client's proxy settings, given as build arguments, are set for RUN and kept out of cache and history.</summary>
    public static IReadOnlyList<string> ProxyArguments { get; } =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"];
}
