using System.Text;
using Naru.Base;
using Naru.Build.Graph;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build.Copying;

/// <summary>What determines the result of a copy on its sources' side, as one digest: names, kinds, permission bits, owners, link targets, devices, extended attributes, contents.</summary>
/// <remarks>
/// Never times, nor anything that the copy does not select. The named folder's own mode and owner do not count, since only its content is copied.
/// </remarks>
public static class TreeDigest
{
    private const int Format = 1;

    /// <summary>Of what <paramref name="copy"/> would read of <paramref name="tree"/>.</summary>
    /// <exception cref="NaruException">NotFound <c>"/path": not found</c>; InvalidArgument: too many links, a malformed pattern.</exception>
    public static Digest Of(CopyAction copy, SourceTree tree, CancellationToken cancel)
    {
        var owners = string.IsNullOrEmpty(copy.Owner);
        var writer = new DefinitionWriter();
        writer.Add(Format);
        using (var sources = new CopySources(copy, tree))
        {
            List<DigestedFile> files = [];
            foreach (var source in sources.All())
                new DigestWalk(source, tree, files, cancel).Run();
            if (tree.Folder is not null)
                ContentDigests.Compute(tree.Folder, files, cancel);
            writer.Add(files.Count);
            foreach (var file in files)
                Add(writer, file, owners);
        }

        return writer.Finish();
    }

    /// <summary>Of one path of a tree with all below it: a bind mount's source.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public static Digest Of(string path, SourceTree tree, CancellationToken cancel) =>
        Of(new CopyAction { From = null, Sources = [path], Target = "/", Wildcards = false }, tree, cancel);

    private static void Add(DefinitionWriter writer, DigestedFile file, bool owners)
    {
        var metadata = file.Status.Metadata;
        writer.Add(file.Path);
        writer.Add((long)file.Status.Kind);
        writer.Add(file.Status.Kind == TreeEntryKind.Symlink ? 0 : metadata.Mode);
        if (owners)
        {
            writer.Add(metadata.Uid);
            writer.Add(metadata.Gid);
        }

        switch (file.Status.Kind)
        {
            case TreeEntryKind.File:
                writer.Add(file.Content);
                break;
            case TreeEntryKind.Symlink:
                writer.Add(file.LinkTarget);
                break;
            case TreeEntryKind.BlockDevice or TreeEntryKind.CharacterDevice:
                writer.Add(file.Status.DeviceMajor);
                writer.Add(file.Status.DeviceMinor);
                break;
        }

        writer.Add(file.Xattrs.Count);
        foreach (var xattr in file.Xattrs)
        {
            writer.Add(xattr.Name);
            writer.Add(xattr.Value);
        }
    }
}
