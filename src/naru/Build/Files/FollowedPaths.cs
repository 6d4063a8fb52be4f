using System.Text;
using Naru.Linux;

namespace Naru.Cli.Build.Files;

/// <summary>The paths that a builder wants, with every symbolic link on the way to them and what it leads to, so that the links work there too.</summary>
internal sealed class FollowedPaths(FolderListing tree)
{
    private const int MostLinks = 255;

    private readonly SortedSet<string> found = new(StringComparer.Ordinal);
    private int links;

    /// <summary>What to include; null: everything.</summary>
    /// <exception cref="NaruException">Too many links.</exception>
    public static List<string>? Resolve(FolderListing tree, IEnumerable<string> paths)
    {
        var followed = new FollowedPaths(tree);
        foreach (var path in paths)
            followed.Add("", PathPattern.Clean(path));
        return followed.found.Contains(".") ? null : [.. followed.found];
    }

    private void Add(string folder, string rest)
    {
        var path = Join(folder, rest);
        if (path == ".." || path.StartsWith("../", StringComparison.Ordinal))
            return;
        found.Add(path);
        Follow("", path);
    }

    /// <summary>Looks at each component from <paramref name="folder"/> on; a link starts the way anew where it leads.</summary>
    private void Follow(string folder, string path)
    {
        while (path.Length > 0 && path != ".")
        {
            var slash = path.IndexOf('/');
            var name = slash < 0 ? path : path[..slash];
            var rest = slash < 0 ? "" : path[(slash + 1)..];
            if (name.AsSpan().IndexOfAny("*?[\\") >= 0)
            {
                FollowMatches(folder, name, rest);
                return;
            }

            var here = Join(folder, name);
            if (tree.Find(Encoding.UTF8.GetBytes(here)) is not { } entry)
                return;
            if (entry.Kind == TreeEntryKind.Symlink)
            {
                FollowLink(folder, here, entry, rest);
                return;
            }

            (folder, path) = (here, rest);
        }
    }

    private void FollowMatches(string folder, string name, string rest)
    {
        if (PathPattern.Parse(name) is not { } pattern)
            return;
        foreach (var entry in tree.List(Encoding.UTF8.GetBytes(folder)))
        {
            var here = Encoding.UTF8.GetString(entry.Path);
            if (!pattern.Matches(here[(here.LastIndexOf('/') + 1)..]))
                continue;
            if (entry.Kind == TreeEntryKind.Symlink)
                FollowLink(folder, here, entry, rest);
            else if (entry.Kind == TreeEntryKind.Directory)
                Follow(here, rest);
        }
    }

    private void FollowLink(string folder, string link, TreeEntry entry, string rest)
    {
        found.Add(link);
        if (++links > MostLinks)
            throw NaruException.Invalid($"too many links to follow at {link}");
        var target = Encoding.UTF8.GetString(entry.LinkTarget);
        // The tree's root is the top for links too, absolute ones included.
        var to = PathPattern.Clean("/" + (target.StartsWith('/') ? target : Join(folder, target)));
        var whole = Join(to == "." ? "" : to, rest);
        if (!found.Contains(whole))
            Add("", whole.Length == 0 ? "." : whole);
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";
}
