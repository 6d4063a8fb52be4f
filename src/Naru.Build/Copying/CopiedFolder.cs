using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>A folder of the target while its content is copied; made when the first thing goes into it.</summary>
internal sealed class CopiedFolder : IDisposable
{
    private readonly CopiedFolder? above;
    private readonly byte[] name;
    private readonly TreeFolder? upper;
    private TreeFolder? folder;
    private TreeFolder? direct;

    /// <summary>The folder that a copy names, which is there; the caller keeps it.</summary>
    /// <param name="isNew">Made a moment ago: nothing is in it.</param>
    /// <param name="upper">The overlay's upper folder; null: none, or it is not to be used.</param>
    public CopiedFolder(TreeFolder folder, byte[] path, bool isNew, TreeFolder? upper)
    {
        (this.folder, Path, name, IsNew, this.upper) = (folder, path, [], isNew, upper);
        if (isNew)
            direct = upper?.TryBelow(path);
    }

    public CopiedFolder(CopiedFolder above, byte[] name)
    {
        (this.above, this.name, upper) = (above, name, above.upper);
        Path = above.Path.Length == 0 ? name : [.. above.Path, (byte)'/', .. name];
    }

    /// <summary>In the target, for messages and hard links.</summary>
    public byte[] Path { get; }

    public bool IsOpen => folder is not null;

    /// <summary>Made by this copy, so that nothing is in it but what this copy put there.</summary>
    public bool IsNew { get; private set; }

    /// <summary>What is put in it is written below the overlay's upper folder.</summary>
    public bool IsDirect => direct is not null || (above is not null && above.IsDirect);

    /// <summary>The folder to put something in. Of a new folder in an overlay it is the one on disk: without the overlay's work for each file.</summary>
    /// <exception cref="NaruException">InvalidArgument: something else has its name.</exception>
    public TreeFolder Content()
    {
        var seen = Open();
        return direct ?? seen;
    }

    /// <summary>The folder itself, made if it is not there.</summary>
    /// <exception cref="NaruException">InvalidArgument: something else has its name.</exception>
    public TreeFolder Open()
    {
        if (folder is not null)
            return folder;
        var parent = above!.Content();
        IsNew = parent.MakeFolder(name, 0x1C0);
        try
        {
            folder = parent.Enter(name);
            // Nobody looked for anything in a new folder yet, so the overlay has nothing in mind that could be wrong.
            if (IsNew && !above.IsDirect)
                direct = upper?.TryBelow(Path);
            return folder;
        }
        catch (LinuxException e) when (e.Number is Errno.ENOTDIR or Errno.ELOOP)
        {
            throw NaruException.Invalid($"cannot copy to non-directory: /{Encoding.UTF8.GetString(Path)}");
        }
    }

    public void Dispose()
    {
        direct?.Dispose();
        if (above is not null)
            folder?.Dispose();
    }
}
