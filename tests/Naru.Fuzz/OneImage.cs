using Naru.Base;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Fuzz;

/// <summary>A store of one image, busybox:naru, as eng/image makes it; with an ONBUILD if asked for.</summary>
public sealed class OneImage(params string[] triggers) : IImageResolver
{
    public Task<ResolvedImage> ResolveLayout(string location, string name, Platform platform, CancellationToken cancel) => throw NaruException.NotFound($"{location}: not found");

    public Task<ResolvedImage> Resolve(string reference, Platform platform, CancellationToken cancel)
    {
        if (reference != "docker.io/library/busybox:naru")
            throw NaruException.NotFound($"failed to resolve source metadata for {reference}: not found");
        var digest = Digest.Of("busybox"u8);
        return Task.FromResult(new ResolvedImage
        {
            Reference = reference,
            Manifest = digest,
            Target = digest,
            Document = new ImageManifest(),
            IsLocal = true,
            Config = new ImageConfig
            {
                Os = "linux",
                Architecture = "amd64",
                Created = "2023-11-14T22:13:20Z",
                Config = new ContainerDefaults { Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd = ["sh"], OnBuild = triggers.Length > 0 ? triggers : null },
                RootFs = new RootFs { DiffIds = [digest] },
                History = [new HistoryEntry { Created = "2023-11-14T22:13:20Z", CreatedBy = "busybox-static", Comment = "naru" }],
            },
        });
    }
}
