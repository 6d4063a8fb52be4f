using System.Text;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.Images;
using Naru.Oci;

namespace Naru.Hub.Transfer;

/// <summary>Brings an OCI image layout into a repository, as a push does: blobs are verified, a manifest comes after what it names. Used once.</summary>
/// <remarks>A tar is read once, front to back, and its files may come in any order; so small files that may be manifests are kept until all have been seen.</remarks>
public sealed class LayoutImporter(Repository repository, Caller caller, Blobs blobs, Uploads uploads, Manifests manifests)
{
    private const long MostKept = 256 << 20;

    /// <summary>Small files by their path in the layout.</summary>
    private readonly Dictionary<string, byte[]> kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> pushed = new(StringComparer.Ordinal);
    private long keptBytes;

    /// <summary>Imports a folder; how many manifests.</summary>
    /// <exception cref="NaruException">InvalidArgument: no layout, or a damaged one; what a push is refused with.</exception>
    public async ValueTask<int> ImportFolder(string folder, CancellationToken cancel)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            await Take(Path.GetRelativePath(folder, path), file.Length, file, cancel);
        }

        return await Push(cancel);
    }

    /// <summary>Imports a tar, compressed or not; how many manifests.</summary>
    /// <exception cref="NaruException">As <see cref="ImportFolder"/>.</exception>
    public async ValueTask<int> ImportTar(Stream archive, CancellationToken cancel)
    {
        try
        {
            await using var plain = Compressions.Open(archive, out _, leaveOpen: true);
            var reader = new TarReader(plain);
            while (reader.Next() is { } entry)
            {
                cancel.ThrowIfCancellationRequested();
                if (entry.Type == TarEntryType.File)
                    await Take(Encoding.UTF8.GetString(EntryNames.Clean(entry.Name)), entry.Size, new EntryStream(reader), cancel);
            }
        }
        catch (InvalidDataException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"the archive is damaged: {e.Message}", e);
        }

        return await Push(cancel);
    }

    /// <summary>Keeps what may be a manifest, and brings in what is a blob.</summary>
    private async ValueTask Take(string name, long size, Stream content, CancellationToken cancel)
    {
        var isBlob = name.StartsWith("blobs/", StringComparison.Ordinal);
        if (!isBlob && name is not ("index.json" or OciLayout.FileName))
            return;
        var digest = default(Digest);
        if (isBlob && !Digest.TryParse(name["blobs/".Length..].Replace('/', ':'), out digest))
            throw NaruException.Invalid($"{name} is no name of a blob");
        var rest = content;
        if (size <= ManifestKind.MaximumSize && keptBytes + size <= MostKept)
        {
            var bytes = new byte[size];
            await content.ReadExactlyAsync(bytes, cancel);
            if (!isBlob || bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            {
                kept[name] = bytes;
                keptBytes += size;
                return;
            }

            rest = new MemoryStream(bytes);
        }
        else if (!isBlob)
        {
            throw NaruException.Invalid($"{name} has {size} bytes, more than {ManifestKind.MaximumSize}");
        }

        await Upload(digest, rest, cancel);
    }

    private async ValueTask<int> Push(CancellationToken cancel)
    {
        if (!kept.ContainsKey(OciLayout.FileName) || !kept.TryGetValue("index.json", out var content))
            throw NaruException.Invalid($"no OCI image layout: it has no {(kept.ContainsKey(OciLayout.FileName) ? "index.json" : OciLayout.FileName)}");
        foreach (var entry in ImageIndex.Parse(content, MediaTypes.OciIndex).Manifests)
        {
            await PushManifest(entry.Digest, entry.MediaType, cancel);
            if (entry.Annotations?.GetValueOrDefault(MediaTypes.RefNameAnnotation) is { } name)
                await manifests.Put(repository, caller, Tag(name), entry.MediaType, kept[PathOf(entry.Digest)], cancel);
        }

        return pushed.Count;
    }

    /// <summary>A manifest after all that it names and the layout has; what it lacks the repository may have.</summary>
    private async ValueTask PushManifest(Digest digest, string mediaType, CancellationToken cancel)
    {
        if (pushed.Contains(digest.ToString()))
            return;
        if (!kept.TryGetValue(PathOf(digest), out var content))
            throw NaruException.Invalid($"the layout has no {PathOf(digest)}, which its index names");
        var form = ManifestForm.Parse(content, mediaType);
        foreach (var part in form.Manifests)
        {
            if (kept.ContainsKey(PathOf(part.Digest)))
                await PushManifest(part.Digest, part.MediaType, cancel);
        }

        foreach (var part in form.Blobs)
        {
            if (kept.TryGetValue(PathOf(part.Digest), out var config))
                await Upload(part.Digest, new MemoryStream(config), cancel);
        }

        await manifests.Put(repository, caller, digest.ToString(), form.MediaType, content, cancel);
        pushed.Add(digest.ToString());
    }

    private async ValueTask Upload(Digest digest, Stream content, CancellationToken cancel)
    {
        if (await blobs.Find(repository, digest, pushing: true, cancel) is not null)
            return;
        var id = await uploads.Begin(repository, caller, cancel);
        await uploads.Finish(repository, id, content, null, digest, cancel);
    }

    /// <summary>The tag in a ref.name, which some write as a whole reference.</summary>
    private static string Tag(string name) =>
        Names.IsTag(name) ? name
        : ImageReference.TryParse(name, out var reference) && reference.Tag is not null ? reference.Tag
        : throw NaruException.Invalid($"{MediaTypes.RefNameAnnotation} \"{name}\" is no tag");

    private static string PathOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
}
