using System.Globalization;
using Naru.Base;
using Naru.Build.Attestations;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Build;

/// <summary>A build request's attributes, read.</summary>
internal sealed record FrontendAttributes
{
    public required PlanOptions Plan { get; init; }

    /// <summary>Relative to its folder.</summary>
    public string FileName { get; init; } = "Dockerfile";

    /// <summary>The folder of the client's with the Dockerfile.</summary>
    public string DockerfileLocal { get; init; } = "dockerfile";

    /// <summary>A URL in place of the client's folder; empty: there is none.</summary>
    public string ContextUrl { get; init; } = "";

    /// <summary>The registry is asked even for images that are here.</summary>
    public bool Pull { get; init; }

    /// <summary>Something other than a build: <c>frontend.lint</c>, <c>frontend.outline</c>, <c>frontend.targets</c>; empty: a build.</summary>
    public string Request { get; init; } = "";

    /// <summary>Frontend image that the client or the Dockerfile names in place of the built-in one; empty: none.</summary>
    public string Syntax { get; init; } = "";

    /// <summary>What is to be said of the result.</summary>
    public AttestOptions Attest { get; init; } = new();

    /// <exception cref="NaruException">InvalidArgument, Unimplemented: an attribute that cannot be done.</exception>
    public static FrontendAttributes Parse(BuildRequest request)
    {
        var result = new FrontendAttributes { Plan = new PlanOptions { Platforms = [Platform.Host], PlatformIsImplied = true, Entitlements = request.Entitlements } };
        var (arguments, labels, contexts) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var (key, value) in request.Attributes)
        {
            if (key.StartsWith("build-arg:", StringComparison.Ordinal))
                arguments[key["build-arg:".Length..]] = value;
            else if (key.StartsWith("label:", StringComparison.Ordinal))
                labels[key["label:".Length..]] = value;
            else if (key.StartsWith("context:", StringComparison.Ordinal))
                contexts[key["context:".Length..]] = value;
            else
                result = result.With(key, value);
        }

        return result with
        {
            Plan = result.Plan with { BuildArgs = arguments, Labels = labels, NamedContexts = contexts, SourceDateEpoch = Epoch(arguments) },
            Syntax = arguments.TryGetValue("BUILDKIT_SYNTAX", out var syntax) ? syntax : result.Syntax,
        };
    }

    private FrontendAttributes With(string key, string value) => key switch
    {
        "filename" => this with { FileName = value },
        "target" => this with { Plan = Plan with { Target = value } },
        "dockerfilekey" => this with { DockerfileLocal = value },
        "contextkey" => this with { Plan = Plan with { ContextLocal = value } },
        "context" => this with { ContextUrl = value },
        "platform" => this with { Plan = Plan with { Platforms = Platforms(value), PlatformIsImplied = value.Length == 0 } },
        "no-cache" => this with { Plan = value.Length == 0 ? Plan with { NoCache = true } : Plan with { NoCacheStages = value.Split(',') } },
        "image-resolve-mode" => this with { Pull = value is "pull" },
        "add-hosts" => this with { Plan = Plan with { ExtraHosts = Hosts(value) } },
        "force-network-mode" => this with { Plan = Plan with { Network = Network(value) } },
        "shm-size" => this with { Plan = Plan with { ShmSize = Number(key, value) } },
        "ulimit" => this with { Plan = Plan with { Ulimits = value.Split(',', StringSplitOptions.RemoveEmptyEntries) } },
        "cgroup-parent" => this with { Plan = Plan with { CgroupParent = value } },
        "hostname" => this with { Plan = Plan with { Hostname = value } },
        "requestid" => this with { Request = value },
        "cmdline" or "source" => this with { Syntax = value },
        // What a client says of itself and of where its files come from: nothing to do.
        "frontend.caps" or "multi-platform" or "build-arg" => this,
        _ when key.StartsWith("vcs:", StringComparison.Ordinal) || key.StartsWith("input-metadata:", StringComparison.Ordinal) || key.StartsWith("local-sessionid:", StringComparison.Ordinal) => this,
        _ when key.StartsWith("attest:", StringComparison.Ordinal) => this with { Attest = Attest.With(key["attest:".Length..], value) },
        _ => throw new NaruException(ErrorKind.Unimplemented, $"build attribute \"{key}\" is not supported"),
    };

    private static List<Platform> Platforms(string value)
    {
        List<Platform> result = [];
        foreach (var one in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            result.Add(Platform.Parse(one.Trim()));
        return result.Count > 0 ? result : [Platform.Host];
    }

    /// <summary><c>name=address,name=address</c> to <c>name:address</c>.</summary>
    private static List<string> Hosts(string value)
    {
        List<string> result = [];
        foreach (var one in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = one.Split('=', 2);
            result.Add(parts.Length == 2 ? $"{parts[0]}:{parts[1]}" : throw NaruException.Invalid($"invalid key-value pair \"{one}\""));
        }

        return result;
    }

    private static RunNetwork Network(string value) => value switch
    {
        "" or "default" or "sandbox" => RunNetwork.Default,
        "none" => RunNetwork.None,
        "host" => RunNetwork.Host,
        _ => throw NaruException.Invalid($"invalid netmode {value}"),
    };

    private static long Number(string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw NaruException.Invalid($"{key}: invalid number \"{value}\"");

    private static DateTimeOffset? Epoch(Dictionary<string, string> arguments)
    {
        if (!arguments.TryGetValue("SOURCE_DATE_EPOCH", out var text) || text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw NaruException.Invalid($"invalid SOURCE_DATE_EPOCH: {text}");
    }
}
