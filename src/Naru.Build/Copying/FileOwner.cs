using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Whose files are to be, found in the target before anything of the step's is copied over its passwd.</summary>
internal sealed class FileOwner
{
    public FileOwner(TreeFolder target, string text) => (Uid, Gid) = OwnerLookup.Find(target, text);

    public uint Uid { get; }

    public uint Gid { get; }
}
