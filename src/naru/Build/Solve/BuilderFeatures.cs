using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Solve;

/// <summary>What the engine's builder can do beyond plain images: all of it where images are kept as containerd keeps them.</summary>
internal static class BuilderFeatures
{
    private const string SnapshotterLabel = "org.mobyproject.buildkit.worker.snapshotter", OwnPackage = "naru";

    /// <summary>Refuses, in buildx's words, what Docker's older image store cannot do.</summary>
    /// <exception cref="NaruException">The options need what is not there.</exception>
    public static void Check(BuildOptions options, Func<ListWorkersResponse> ask)
    {
        var archive = options.Outputs.FirstOrDefault(output => output.Type == "oci" || (output.Type == "docker" && output.Destination.Length > 0));
        var cache = options.CacheTo.FirstOrDefault(option => option.Type != "inline");
        if (archive is null && cache is null && options.Platforms.Count < 2 && !options.Attests)
            return;
        foreach (var worker in ask().Record)
        {
            // Our own engine says itself what it cannot do.
            if (worker.Labels.ContainsKey(SnapshotterLabel) || worker.BuildkitVersion?.Package == OwnPackage)
                return;
        }

        if (options.Platforms.Count > 1)
            throw Missing("Multi-platform build", "build-multi-platform");
        if (archive is not null)
            throw Missing(archive.Type == "oci" ? "OCI exporter" : "Docker exporter", "build-exporters");
        if (cache is not null)
            throw Missing("Cache export", "build-cache-backends");
        throw Missing("Attestation", "attestations");
    }

    /// <summary>True when the builder itself pushes what it made: where images are kept as containerd keeps them.</summary>
    public static bool Pushes(ListWorkersResponse workers)
    {
        foreach (var worker in workers.Record)
        {
            if (worker.Labels.ContainsKey(SnapshotterLabel))
                return true;
        }

        return false;
    }

    /// <summary>Puts the engine's own address where --add-host said host-gateway.</summary>
    /// <exception cref="NaruException">The builder does not tell it.</exception>
    public static void ResolveGateway(Dictionary<string, string> attributes, Func<ListWorkersResponse> ask)
    {
        const string Gateway = "=host-gateway", GatewayLabel = "org.mobyproject.buildkit.worker.moby.host-gateway-ip";
        if (!attributes.TryGetValue("add-hosts", out var hosts) || !hosts.Contains(Gateway))
            return;
        foreach (var worker in ask().Record)
        {
            if (worker.Labels.TryGetValue(GatewayLabel, out var address) && address.Length > 0)
            {
                attributes["add-hosts"] = hosts.Replace(Gateway, $"={address.Split(',')[0]}");
                return;
            }
        }

        throw NaruException.Precondition("unable to derive the IP value for host-gateway");
    }

    private static NaruException Missing(string feature, string page) => new(
        ErrorKind.Unimplemented,
        $"{feature} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/{page}/");
}
