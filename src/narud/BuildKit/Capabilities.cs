using Google.Protobuf.Collections;
using Naru.Rpc.Gateway;

namespace Naru.Daemon.BuildKit;

/// <summary>What this builder can do, by BuildKit's names: clients leave out, or refuse, what is not named here.</summary>
internal static class Capabilities
{
    private static readonly string[] Frontend =
    [
        "frontend.caps", "gateway.evaluate", "gateway.solve.evaluate", "gateway.solve.metadata", "gateway.warnings", "importcaches",
        "proto.refarray", "reference.output", "return", "returnmap", "solve.base", "solve.inlinereturn",
    ];

    private static readonly string[] Steps =
    [
        "constraints", "exec.cgroup", "exec.meta.base", "exec.meta.cgroup.parent", "exec.meta.network", "exec.meta.proxyenv", "exec.meta.security",
        "exec.meta.setsdefaultpath", "exec.meta.ulimit", "exec.mount.bind", "exec.mount.bind.readwrite-nooutput", "exec.mount.cache",
        "exec.mount.cache.sharing", "exec.mount.secret", "exec.mount.selector", "exec.mount.ssh", "exec.mount.tmpfs", "exec.mount.tmpfs.size",
        "exec.secretenv", "exporter.image.annotations", "exporter.image.attestations", "exporter.multiple", "exporter.sourcedateepoch", "file.base",
        "file.copy.alwaysreplaceexistingdestpaths", "file.copy.includeexcludepatterns", "file.rm.wildcard", "mergeop", "meta.description",
        "source.git", "source.git.checksum", "source.git.fullurl", "source.git.httpauth", "source.git.keepgitdir", "source.git.mountsshsock", "source.git.subdir",
        "source.http", "source.http.checksum", "source.http.perm", "source.image", "source.image.checksum", "source.image.resolvemode", "source.local",
        "source.local.excludepatterns", "source.local.followpaths", "source.local.sessionid", "source.local.sharedkeyhint", "source.local.unique", "source.ocilayout",
    ];

    public static void Add(PongResponse answer)
    {
        Add(answer.FrontendAPICaps, Frontend);
        Add(answer.LLBCaps, Steps);
    }

    private static void Add(RepeatedField<APICap> caps, string[] names)
    {
        foreach (var name in names)
            caps.Add(new APICap { ID = name, Enabled = true });
    }
}
