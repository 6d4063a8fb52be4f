namespace Naru.Cli.Commands.Copying;

/// <summary>One side of `cp`: a local path, or CONTAINER:PATH.</summary>
internal sealed record CopyPath(string Container, string Path)
{
    public static CopyPath Parse(string text)
    {
        // A local path may hold a colon once it is absolute or begins with a dot.
        if (global::System.IO.Path.IsPathRooted(text))
            return new CopyPath("", text);
        var colon = text.IndexOf(':');
        return colon < 0 || text.StartsWith('.') ? new CopyPath("", text) : new CopyPath(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The folder and the last name of a path; "x/." has the name ".".</summary>
    public static (string Folder, string Name) Split(string path)
    {
        var clean = Clean(path);
        if (EndsInDot(path))
            clean = clean == "/" ? "/." : clean + "/.";
        var slash = clean.LastIndexOf('/');
        return slash < 0 ? (".", clean) : (slash == 0 ? "/" : clean[..slash], clean[(slash + 1)..] is { Length: > 0 } name ? name : "/");
    }

    /// <summary>The absolute path, with a last "/" or "/." as it was: they say that a folder is meant.</summary>
    public static string Absolute(string path)
    {
        var full = Clean(global::System.IO.Path.IsPathRooted(path) ? path : Environment.CurrentDirectory + "/" + path);
        if (EndsInDot(path))
            return full == "/" ? "/." : full + "/.";
        return path.EndsWith('/') && !full.EndsWith('/') ? full + "/" : full;
    }

    /// <summary>True for a path that can only be a folder's: "x/", "x/.", ".".</summary>
    public static bool NamesFolder(string path) => path.EndsWith('/') || EndsInDot(path);

    public static bool EndsInDot(string path) => path == "." || path.EndsWith("/.", StringComparison.Ordinal);

    /// <summary>filepath.Clean: no empty parts, no ".", ".." taken back.</summary>
    public static string Clean(string path)
    {
        var rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (!rooted)
                parts.Add(part);
        }

        var joined = string.Join('/', parts);
        return rooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
