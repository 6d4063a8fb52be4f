using System.Text;
using System.Text.Unicode;
using Naru.Linux;

namespace Naru.Cli.Build.Files;

/// <summary>Walks a folder in the order that the builder expects, leaving out what it does not want.</summary>
/// <remarks>A folder that is not wanted itself is still walked where something below may be, and sent just before the first such thing.</remarks>
internal sealed class ContextWalk(FolderListing tree, PatternList include, PatternList exclude, Action<TreeEntry, string> found)
{
    private readonly List<Pending> pending = [];

    /// <summary>A folder that is sent once something below it is.</summary>
    private sealed record Pending(TreeEntry Entry, string Path);

    /// <exception cref="NaruException">A name that is not UTF-8: the protocol has no form for it.</exception>
    /// <exception cref="LinuxException">A folder may not be read.</exception>
    public void Run() => Walk([], null, null);

    private void Walk(byte[] folder, bool[]? parentIncluded, bool[]? parentExcluded)
    {
        foreach (var entry in tree.List(folder))
        {
            var path = Encoding.UTF8.GetString(entry.Path);
            bool[]? included = null, excluded = null;
            var wanted = include.Count == 0 || include.Matches(path, parentIncluded, out included);
            var refused = exclude.Count > 0 && exclude.Matches(path, parentExcluded, out excluded);
            if (entry.Kind != TreeEntryKind.Directory)
            {
                if (wanted && !refused)
                    Found(entry, path);
                continue;
            }

            if (refused && !(exclude.HasExceptions && exclude.MayMatchBelow(path, exceptions: true)))
                continue;
            if (!wanted && !include.MayMatchBelow(path, exceptions: false))
                continue;
            if (wanted && !refused)
            {
                Found(entry, path);
                Walk(entry.Path, included, excluded);
                continue;
            }

            pending.Add(new Pending(entry, path));
            Walk(entry.Path, included, excluded);
            if (pending.Count > 0 && pending[^1].Path == path)
                pending.RemoveAt(pending.Count - 1);
        }
    }

    private void Found(TreeEntry entry, string path)
    {
        // What is left out may be named as it likes.
        if (!Utf8.IsValid(entry.Path))
            throw NaruException.Invalid($"the name {GoText.Quote(path)} in the build context is not valid UTF-8");
        foreach (var folder in pending)
            found(folder.Entry, folder.Path);
        pending.Clear();
        found(entry, path);
    }
}
