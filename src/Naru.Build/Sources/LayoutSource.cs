using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Build.Sources;

/// <summary>Images of a folder of the client's in OCI's layout: <c>oci-layout://STORE[:TAG]@DIGEST</c>. The client serves its blobs; layers come when a step needs them.</summary>
internal sealed class LayoutSource(EngineHost engine)
{
    public const string Scheme = "oci-layout://";

    /// <summary>No index, manifest or config is larger.</summary>
    private const long LargestDocument = 8 << 20;

    /// <param name="location">With the scheme.</param>
    /// <param name="name">How the Dockerfile calls the image.</param>
    /// <exception cref="NaruException">InvalidArgument: no digest, or other bytes than it says. NotFound: nothing there for the platform. Unimplemented: the client lends no layout.</exception>
    public async Task<ResolvedImage> Resolve(string location, string name, Platform platform, IBuildSession session, CancellationToken cancel)
    {
        var rest = location[Scheme.Length..];
        var at = rest.LastIndexOf('@');
        if (at <= 0 || !Digest.TryParse(rest[(at + 1)..], out var digest))
            throw NaruException.Invalid($"oci-layout reference {GoText.Quote(rest)} has no digest");
        // buildx says the tag too; the digest is what counts.
        var store = session.Content("oci:" + rest[..at].Split(':')[0]);
        var target = await Read(store, digest, cancel);
        var (manifest, document) = (digest, target);
        var kind = ManifestKind.Detect(target, null);
        if (MediaTypes.IsIndex(kind))
        {
            manifest = (ImageIndex.Parse(target, kind).Select(platform) ?? throw NaruException.NotFound("no match for platform in manifest: not found")).Digest;
            document = await Read(store, manifest, cancel);
        }

        var parsed = ImageManifest.Parse(document);
        var config = await Read(store, parsed.Config.Digest, cancel);
        return new ResolvedImage
        {
            Reference = Reference(name, digest),
            Manifest = manifest,
            Target = digest,
            Document = parsed,
            Config = ImageConfig.Parse(config),
            IsLocal = false,
            IsLayout = true,
            Fetch = token => Fetch(store, manifest, document, config, parsed, token),
        };
    }

    /// <summary>A name for people: the context's own, of whatever is there.</summary>
    private static string Reference(string name, Digest digest) =>
        (ImageReference.TryParse(name, out var reference) ? reference : ImageReference.Parse("context")).NameOnly().WithDigest(digest).ToString();

    /// <returns>The hidden name that holds the image in containerd, to be deleted by the caller.</returns>
    private async Task<string> Fetch(SessionContent store, Digest manifest, byte[] document, byte[] config, ImageManifest parsed, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(engine.Containerd, await engine.Containerd.CreateLease(cancel));
        foreach (var layer in parsed.Layers)
        {
            if (await engine.Containerd.TryContentInfo(layer.Digest, cancel) is not null)
                continue;
            await using var blob = store.Open(layer.Digest, layer.Size, cancel);
            await engine.Containerd.WriteContent(layer.Digest, layer.Size, blob, null, cancel);
        }

        var target = new Descriptor { MediaType = parsed.MediaType!, Digest = manifest, Size = document.Length };
        await engine.ImageWriter.Store(parsed.Config, config, null, cancel);
        await engine.ImageWriter.Store(target, document, ImageWriter.Links(parsed), cancel);
        var hidden = ImageName.Loading();
        await engine.Containerd.PutImage(hidden, ImageWriter.Wire(target), null, cancel);
        await engine.ImageWriter.Unpack(parsed, ImageConfig.Parse(config).RootFs.DiffIds, cancel);
        return hidden;
    }

    private static async Task<byte[]> Read(SessionContent store, Digest digest, CancellationToken cancel)
    {
        var content = await store.Read(digest, LargestDocument, cancel);
        return Digest.Of(content) == digest ? content : throw NaruException.Invalid($"content of the client's for {digest} has the digest {Digest.Of(content)}");
    }
}
