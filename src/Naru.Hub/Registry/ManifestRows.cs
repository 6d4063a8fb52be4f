using Naru.Hub.Metadata;

namespace Naru.Hub.Registry;

/// <summary>How a manifest is written down: its bytes, that a repository has it, what it names, and its tag.</summary>
internal static class ManifestRows
{
    /// <param name="tag">What to point at it; null for nothing.</param>
    /// <param name="size">Bytes of all that it names.</param>
    /// <param name="now">Ticks.</param>
    public static async ValueTask Add(ISession session, Repository repository, string? tag, Manifest manifest, ManifestForm form, long size, long now)
    {
        var digest = manifest.Digest.ToString();
        await session.Execute("INSERT INTO manifest (digest, media_type, content, created) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
            digest, form.MediaType, manifest.Content, now);
        await session.Execute("""
            INSERT INTO image (repository, digest, media_type, artifact_type, subject, size, pushed, named) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (repository, digest) DO UPDATE SET pushed = excluded.pushed, named = excluded.named
            """, repository.Id, digest, form.MediaType, form.ArtifactType, form.Subject?.Digest.ToString(), size, now);
        foreach (var part in form.Blobs.Concat(form.Manifests))
        {
            await session.Execute("INSERT INTO image_part (repository, digest, part) VALUES ($1, $2, $3) ON CONFLICT (repository, digest, part) DO NOTHING",
                repository.Id, digest, part.Digest.ToString());
        }

        if (tag is not null)
        {
            await session.Execute("""
                INSERT INTO tag (repository, name, digest, pushed) VALUES ($1, $2, $3, $4)
                ON CONFLICT (repository, name) DO UPDATE SET digest = excluded.digest, pushed = excluded.pushed
                """, repository.Id, tag, digest, now);
        }

        await session.Execute("UPDATE repository SET pushed = $2 WHERE id = $1", repository.Id, now);
    }
}
