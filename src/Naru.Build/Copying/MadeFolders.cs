using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>How folders look that are made because something goes into them.</summary>
internal sealed class MadeFolders(TreeFolder root, uint mode, FileOwner? owner, long? time)
{
    /// <summary>umask 022, as the daemon's: BuildKit's folders are subject to it too.</summary>
    private readonly uint mode = mode & ~0x12u;

    private readonly List<byte[]> made = [];

    /// <summary>How many were made.</summary>
    public int Count => made.Count;

    /// <summary>Whether a folder was made after the first <paramref name="before"/>.</summary>
    public bool Has(byte[] path, int before)
    {
        for (var i = made.Count - 1; i >= before; i--)
        {
            if (made[i].AsSpan().TrimStart((byte)'/').SequenceEqual(path))
                return true;
        }

        return false;
    }

    /// <summary>Finds a path of the target and makes what is missing of it but the last <paramref name="keep"/> names.</summary>
    /// <exception cref="NaruException">InvalidArgument: a file is where a folder must be.</exception>
    public TreePath Make(string path, int keep)
    {
        TreePath? place = null;
        try
        {
            place = TreePath.Resolve(root, Encoding.UTF8.GetBytes(path));
            Complete(place, keep);
            return place;
        }
        catch (LinuxException e) when (e.Number is Errno.ENOTDIR or Errno.ELOOP)
        {
            place?.Dispose();
            throw NaruException.Invalid(e.Message);
        }
        catch
        {
            place?.Dispose();
            throw;
        }
    }

    /// <summary>Makes the rest of a path that was found.</summary>
    public void Complete(TreePath place, int keep = 0) => place.MakeFolders(keep, 0x1C0, (folder, name) =>
    {
        if (owner is not null)
            folder.SetOwner(name, owner.Uid, owner.Gid);
        folder.SetMode(name, mode);
        made.Add([.. place.FolderPath, (byte)'/', .. name]);
    });

    /// <summary>A folder takes its time from what was copied into it.</summary>
    public void Release(byte[] path) => made.RemoveAll(one => one.AsSpan().TrimStart((byte)'/').SequenceEqual(path));

    /// <summary>Gives what was made its time, after all that was put into it.</summary>
    public void Finish()
    {
        if (time is not { } seconds)
            return;
        for (var i = made.Count - 1; i >= 0; i--)
        {
            using var place = TreePath.Resolve(root, made[i]);
            if (place.IsFolder)
                place.Folder.SetTime(default, seconds, 0);
        }
    }
}
