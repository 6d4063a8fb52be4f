namespace Naru.Base.Paths;

/// <summary>Paths as text, with slashes, by the rules of Go's path package.</summary>
public static class SlashPath
{
    /// <summary>Without double slashes, <c>.</c>, what <c>..</c> takes away, and a trailing slash; an empty path is <c>.</c>.</summary>
    public static string Clean(string path)
    {
        var rooted = path.StartsWith('/');
        var names = new List<string>();
        var up = 0;
        foreach (var name in path.Split('/'))
        {
            if (name is "" or ".")
                continue;
            if (name != "..")
            {
                names.Add(name);
            }
            else if (names.Count > up)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (!rooted)
            {
                names.Add(name);
                up++;
            }
        }

        if (names.Count == 0)
            return rooted ? "/" : ".";
        var joined = string.Join('/', names);
        return rooted ? "/" + joined : joined;
    }

    /// <summary>Cleaned; an absolute <paramref name="path"/> stands alone.</summary>
    public static string Combine(string folder, string path) => path.StartsWith('/') ? Clean(path) : Clean(folder + "/" + path);
}
