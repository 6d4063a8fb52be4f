namespace Naru.Tests.House;

/// <summary>The checkout that these tests were built from, as text files.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Naru.slnx, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file's text; <paramref name="path"/> is relative to the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Paths relative to the root, of the files below <paramref name="folders"/> that a person wrote.</summary>
    public static IEnumerable<string> Files(string[] folders, string pattern) =>
        from folder in folders
        let full = Path.Combine(Root, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file)
        where !path.Split('/').Any(part => part is "bin" or "obj" or "out" or "TestResults")
        orderby path
        select path;

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Naru.slnx")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"no Naru.slnx above {AppContext.BaseDirectory}");
    }
}
