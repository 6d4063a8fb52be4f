using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Transfer;

/// <summary>Writes a repository as an OCI image layout: its blobs, and an index with one entry for each tag and for each manifest that nothing else there names.</summary>
/// <remarks>OCI image-spec, image-layout.md. A tag is the annotation org.opencontainers.image.ref.name; a referrer is an entry without one.</remarks>
public sealed class LayoutExporter(IDatabase database, Blobs blobs, Manifests manifests)
{
    /// <summary>Writes everything that the repository has, or one image with what is about it; how many manifests.</summary>
    /// <param name="reference">A tag or a digest; null for everything.</param>
    /// <exception cref="NaruException">NotFound: there is no such image, or a mirror has not fetched it all.</exception>
    public async ValueTask<int> Export(Repository repository, string? reference, ILayoutTarget target, CancellationToken cancel)
    {
        var roots = reference is null ? await Everything(repository, cancel) : [(await manifests.Require(repository, reference, cancel)).Digest.ToString()];
        if (reference is not null)
            await AddReferrers(repository, roots, cancel);
        var run = new Run(repository, blobs, manifests, target);
        await run.Write(OciLayout.FileName, """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancel);
        List<Descriptor> entries = [];
        foreach (var digest in roots)
        {
            var descriptor = await run.Add(digest, cancel);
            var named = 0;
            foreach (var tag in await Tags(repository, digest, cancel))
            {
                if (reference is not null && reference != tag && reference != digest)
                    continue;
                entries.Add(descriptor with { Annotations = new Dictionary<string, string> { [MediaTypes.RefNameAnnotation] = tag } });
                named++;
            }

            if (named == 0)
                entries.Add(descriptor);
        }

        await run.Write("index.json", new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries }.Write(), cancel);
        return run.Count;
    }

    /// <summary>What has a tag, and what no index of the repository lists.</summary>
    private async ValueTask<List<string>> Everything(Repository repository, CancellationToken cancel) => await database.Read(session => session.Query("""
        SELECT digest FROM image i WHERE i.repository = $1 AND (EXISTS (SELECT 1 FROM tag t WHERE t.repository = i.repository AND t.digest = i.digest)
            OR NOT EXISTS (SELECT 1 FROM image_part p WHERE p.repository = i.repository AND p.part = i.digest)) ORDER BY digest
        """, row => row.Text(0), repository.Id), cancel);

    private async ValueTask AddReferrers(Repository repository, List<string> roots, CancellationToken cancel)
    {
        for (var i = 0; i < roots.Count; i++)
        {
            foreach (var about in await database.Read(session => session.Query("SELECT digest FROM image WHERE repository = $1 AND subject = $2 ORDER BY digest", row => row.Text(0), repository.Id, roots[i]), cancel))
            {
                if (!roots.Contains(about))
                    roots.Add(about);
            }
        }
    }

    private async ValueTask<List<string>> Tags(Repository repository, string digest, CancellationToken cancel) => await database.Read(session =>
        session.Query("SELECT name FROM tag WHERE repository = $1 AND digest = $2 ORDER BY name", row => row.Text(0), repository.Id, digest), cancel);

    /// <summary>One export; each blob is written once.</summary>
    private sealed class Run(Repository repository, Blobs blobs, Manifests manifests, ILayoutTarget target)
    {
        private readonly Dictionary<string, Descriptor> written = new(StringComparer.Ordinal);

        public int Count { get; private set; }

        /// <summary>Writes a manifest after all that it names.</summary>
        public async ValueTask<Descriptor> Add(string digest, CancellationToken cancel)
        {
            if (written.TryGetValue(digest, out var known))
                return known;
            var manifest = await manifests.Require(repository, digest, cancel);
            var form = ManifestForm.Parse(manifest.Content, manifest.MediaType);
            foreach (var part in form.Manifests)
                await Add(part.Digest.ToString(), cancel);
            foreach (var part in form.Blobs)
                await AddBlob(part.Digest, cancel);
            var descriptor = new Descriptor { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Content.Length, ArtifactType = form.Subject is null ? null : form.ArtifactType };
            written[digest] = descriptor;
            Count++;
            await Write(PathOf(manifest.Digest), manifest.Content, cancel);
            return descriptor;
        }

        public async ValueTask Write(string name, byte[] content, CancellationToken cancel) =>
            await target.Add(name, content.Length, new MemoryStream(content, writable: false), cancel);

        private async ValueTask AddBlob(Digest digest, CancellationToken cancel)
        {
            if (!written.TryAdd(digest.ToString(), new Descriptor()))
                return;
            var blob = await blobs.Require(repository, digest, pushing: false, cancel);
            await using var content = await blobs.Read(blob, 0, blob.Size, cancel);
            await target.Add(PathOf(digest), blob.Size, content, cancel);
        }

        private static string PathOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
    }
}
