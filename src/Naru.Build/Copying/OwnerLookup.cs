using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>--chown's <c>user[:group]</c>: names by the target's own /etc/passwd and /etc/group, as BuildKit reads them.</summary>
/// <remarks>
/// A user's number stands for the group too; a user's name for that user's group. A name that is not found is no error: it is root, or, of a group, the
/// group that the user stands for.
/// </remarks>
internal static class OwnerLookup
{
    private const long LargestFile = 16 << 20;

    /// <exception cref="NaruException">InvalidArgument: one of the files is none.</exception>
    public static (uint Uid, uint Gid) Find(TreeFolder root, string owner)
    {
        var colon = owner.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? owner : owner[..colon];
        uint uid = 0, gid = 0;
        if (Number(user) is { } number)
            uid = gid = number;
        else if (Row(root, "etc/passwd", user, 4) is { } row)
            (uid, gid) = (Number(row[2]) ?? 0, Number(row[3]) ?? 0);
        if (colon < 0)
            return (uid, gid);
        var group = owner[(colon + 1)..];
        if (Number(group) is { } groupNumber)
            gid = groupNumber;
        else if (Row(root, "etc/group", group, 3) is { } row)
            gid = Number(row[2]) ?? 0;
        return (uid, gid);
    }

    /// <summary>An empty name is 0.</summary>
    private static uint? Number(string text) =>
        text.Length == 0 ? 0 : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 ? (uint)number : null;

    private static string[]? Row(TreeFolder root, string path, string name, int columns)
    {
        foreach (var line in Encoding.UTF8.GetString(Read(root, path)).Split('\n'))
        {
            var row = line.Trim().Split(':');
            if (row[0] == name && row.Length >= columns)
                return row;
        }

        return null;
    }

    /// <summary>Only a regular file is read: what the image has there may be anything.</summary>
    private static byte[] Read(TreeFolder root, string path)
    {
        using var place = Resolve(root, path);
        if (place is null || !place.Exists)
            return [];
        if (place.Status.Kind != TreeEntryKind.File)
            throw NaruException.Invalid($"read /{path}: {(place.IsFolder ? "is a directory" : "not a regular file")}");
        if (place.Status.Size > LargestFile)
            throw NaruException.Invalid($"read /{path}: file too large");
        using var file = place.Folder.OpenFile(place.Name);
        return Files.ReadAll(file);
    }

    private static TreePath? Resolve(TreeFolder root, string path)
    {
        try
        {
            return TreePath.Resolve(root, Encoding.UTF8.GetBytes(path));
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
