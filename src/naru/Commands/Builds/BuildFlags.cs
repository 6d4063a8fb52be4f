namespace Naru.Cli.Commands.Builds;

/// <summary>The flags of `build`, in buildx's words.</summary>
internal sealed class BuildFlags
{
    /// <summary>What only Docker's first builder could do.</summary>
    private static readonly string[] Gone = ["compress", "cpu-period", "cpu-quota", "cpu-shares", "cpuset-cpus", "cpuset-mems", "isolation", "memory", "memory-swap", "security-opt", "squash"];

    public BuildFlags(FlagSet flags)
    {
        AddHosts = flags.Slice("add-host", null, "Add a custom host-to-IP mapping (format: \"host:ip\")");
        Allow = Array("allow", null, "Allow extra privileged entitlement (e.g., \"network.host\", \"security.insecure\", \"device\")");
        Annotations = Array("annotation", null, "Add annotation to the image");
        Attests = Array("attest", null, "Attestation parameters (format: \"type=sbom,generator=image\")");
        Arguments = Array("build-arg", null, "Set build-time variables");
        Contexts = Array("build-context", null, "Additional build contexts (e.g., name=path)");
        Builder = flags.String("builder", null, "Override the configured builder instance");
        CacheFrom = Array("cache-from", null, "External cache sources (e.g., \"user/app:cache\", \"type=local,src=path/to/dir\")");
        CacheTo = Array("cache-to", null, "Cache export destinations (e.g., \"user/app:cache\", \"type=local,dest=path/to/dir\")");
        Call = flags.String("call", null, "Set method for evaluating build (\"check\", \"outline\", \"targets\")", "build");
        CgroupParent = flags.String("cgroup-parent", null, "Set the parent cgroup for the \"RUN\" instructions during build");
        Check = flags.Bool("check", null, "Shorthand for \"--call=check\"");
        Debug = flags.Bool("debug", 'D', "Enable debug logging");
        File = flags.String("file", 'f', "Name of the Dockerfile (default: \"PATH/Dockerfile\")");
        IdFile = flags.String("iidfile", null, "Write the image ID to a file");
        Labels = Array("label", null, "Set metadata for an image");
        Load = flags.Bool("load", null, "Shorthand for \"--output=type=docker\"");
        MetadataFile = flags.String("metadata-file", null, "Write build result metadata to a file");
        Network = flags.String("network", null, "Set the networking mode for the \"RUN\" instructions during build", "default");
        NoCache = flags.Bool("no-cache", null, "Do not use cache when building the image");
        NoCacheFilter = Array("no-cache-filter", null, "Do not cache specified stages");
        Outputs = Array("output", 'o', "Output destination (format: \"type=local,dest=path\")");
        Platforms = Array("platform", null, "Set target platform for build");
        Progress = flags.String("progress", null, "Set type of progress output (\"auto\", \"none\",  \"plain\", \"quiet\", \"rawjson\", \"tty\"). Use plain to show container output", "auto");
        Provenance = flags.String("provenance", null, "Shorthand for \"--attest=type=provenance\"");
        Pull = flags.Bool("pull", null, "Always attempt to pull all referenced images");
        Push = flags.Bool("push", null, "Shorthand for \"--output=type=registry\"");
        Quiet = flags.Bool("quiet", 'q', "Suppress the build output and print image ID on success");
        Sbom = flags.String("sbom", null, "Shorthand for \"--attest=type=sbom\"");
        Secrets = Array("secret", null, "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")");
        ShmSize = flags.Bytes("shm-size", null, "Shared memory size for build containers");
        Ssh = Array("ssh", null, "SSH agent socket or keys to expose to the build (format: \"default|<id>[=<socket>|<key>[,<key>]]\")");
        Tags = Array("tag", 't', "Name and optionally a tag (format: \"name:tag\")");
        Target = flags.String("target", null, "Set the target build stage to build");
        Ulimits = flags.List("ulimit", null, "Ulimit options", Containers.UlimitText.Validate, "ulimit", defaultText: "[]");
        // Steps leave no container behind, whether they fail or not.
        flags.Bool("rm", null, "Remove intermediate containers after a successful build", initial: true, hidden: true);
        flags.Bool("force-rm", null, "Always remove intermediate containers", hidden: true);
        foreach (var name in Gone)
        {
            var refused = name;
            flags.String(name, name == "memory" ? 'm' : null, "An option of the classic builder", hidden: true, validate: _ => throw new FlagException($"--{refused} is not supported by BuildKit"));
        }

        ListFlag Array(string name, char? letter, string usage) => flags.List(name, letter, usage, type: "stringArray");
    }

    public ListFlag AddHosts { get; }

    public ListFlag Allow { get; }

    public ListFlag Annotations { get; }

    public ListFlag Attests { get; }

    public ListFlag Arguments { get; }

    public ListFlag Contexts { get; }

    public ValueFlag<string> Builder { get; }

    public ListFlag CacheFrom { get; }

    public ListFlag CacheTo { get; }

    public ValueFlag<string> Call { get; }

    public ValueFlag<string> CgroupParent { get; }

    public ValueFlag<bool> Check { get; }

    public ValueFlag<bool> Debug { get; }

    public ValueFlag<string> File { get; }

    public ValueFlag<string> IdFile { get; }

    public ListFlag Labels { get; }

    public ValueFlag<bool> Load { get; }

    public ValueFlag<string> MetadataFile { get; }

    public ValueFlag<string> Network { get; }

    public ValueFlag<bool> NoCache { get; }

    public ListFlag NoCacheFilter { get; }

    public ListFlag Outputs { get; }

    public ListFlag Platforms { get; }

    public ValueFlag<string> Progress { get; }

    public ValueFlag<string> Provenance { get; }

    public ValueFlag<bool> Pull { get; }

    public ValueFlag<bool> Push { get; }

    public ValueFlag<bool> Quiet { get; }

    public ValueFlag<string> Sbom { get; }

    public ListFlag Secrets { get; }

    public ValueFlag<long> ShmSize { get; }

    public ListFlag Ssh { get; }

    public ListFlag Tags { get; }

    public ValueFlag<string> Target { get; }

    public ListFlag Ulimits { get; }
}
