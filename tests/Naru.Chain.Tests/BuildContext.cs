namespace Naru.Chain.Tests;

/// <summary>A folder to build from, and what is built of it.</summary>
public sealed class BuildContext
{
    private readonly Engine engine;

    public BuildContext(Engine engine, string name, string dockerfile)
    {
        this.engine = engine;
        Name = name;
        Folder = Directory.CreateDirectory(engine.Folder["build-" + name]).FullName;
        this["Dockerfile"] = dockerfile;
    }

    /// <summary>The image's name too.</summary>
    public string Name { get; }

    public string Folder { get; }

    /// <summary>Writes a file of the context, and the folders above it.</summary>
    public string this[string file]
    {
        set
        {
            var path = Path.Combine(Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, value);
        }
    }

    /// <summary>Builds with plain progress, which is on stderr.</summary>
    public Result Build(params string[] more) => engine.Naru(["build", "--progress", "plain", "-t", Name, .. more, Folder]);

    /// <summary>Builds; the test fails when that fails.</summary>
    public string Must(params string[] more)
    {
        var result = Build(more);
        Assert.True(result.Code == 0, $"build of {Name}: {result}; {string.Join('\n', engine.Log.Split('\n').TakeLast(5))}");
        return result.Error;
    }

    /// <summary>The names of the steps that progress says were known.</summary>
    public static IReadOnlyList<string> Cached(string progress)
    {
        var names = new Dictionary<string, string>();
        List<string> cached = [];
        foreach (var line in progress.Split('\n'))
        {
            var parts = line.Split(' ', 2);
            if (parts.Length < 2 || !parts[0].StartsWith('#'))
                continue;
            if (parts[1].StartsWith('['))
                names.TryAdd(parts[0], parts[1]);
            else if (parts[1] == "CACHED")
                cached.Add(names[parts[0]]);
        }

        return cached;
    }
}
