using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>A folder of the target while its content is copied; made when the first thing goes into it.</summary>
internal sealed class CopiedFolder : IDisposable
{
    private readonly CopiedFolder? above;
    private readonly byte[] name;
    private TreeFolder? folder;

    /// <summary>The folder that a copy names, which is there; the caller keeps it.</summary>
    public CopiedFolder(TreeFolder folder, byte[] path) => (this.folder, Path, name) = (folder, path, []);

    public CopiedFolder(CopiedFolder above, byte[] name)
    {
        (this.above, this.name) = (above, name);
        Path = above.Path.Length == 0 ? name : [.. above.Path, (byte)'/', .. name];
    }

    /// <summary>In the target, for messages and hard links.</summary>
    public byte[] Path { get; }

    public bool IsOpen => folder is not null;

    /// <summary>Made by this copy, so that nothing is in it but what this copy put there.</summary>
    public bool IsNew { get; private set; }

    /// <exception cref="NaruException">InvalidArgument: something else has its name.</exception>
    public TreeFolder Open()
    {
        if (folder is not null)
            return folder;
        var parent = above!.Open();
        IsNew = parent.MakeFolder(name, 0x1C0);
        try
        {
            return folder = parent.Enter(name);
        }
        catch (LinuxException e) when (e.Number is Errno.ENOTDIR or Errno.ELOOP)
        {
            throw NaruException.Invalid($"cannot copy to non-directory: /{Encoding.UTF8.GetString(Path)}");
        }
    }

    public void Dispose()
    {
        if (above is not null)
            folder?.Dispose();
    }
}
