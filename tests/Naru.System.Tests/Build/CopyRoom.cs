using System.Globalization;
using System.Text;
using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Linux;
using Naru.Oci;

namespace Naru.System.Tests.Build;

/// <summary>A source, a target, and a folder beside them that nothing may reach.</summary>
public sealed class CopyRoom : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-copy-").FullName;

    public CopyRoom()
    {
        foreach (var one in (string[])[Source, Target, Outside])
            Directory.CreateDirectory(one);
        File.WriteAllText(Path.Combine(Outside, "secret"), "secret");
    }

    public string Source => Path.Combine(folder, "source");

    public string Target => Path.Combine(folder, "target");

    public string Outside => Path.Combine(folder, "outside");

    public CopyRoom With(string root, string name, string content = "")
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    public void Apply(params FileAction[] actions) =>
        FileActions.Apply(new FileStep { Name = "step", Platform = Platform.Host, Actions = actions }, Target, _ => new SourceTree { Folder = Source }, new FileActionOptions(), default);

    public static CopyAction Copy(string source, string target) => new() { From = null, Sources = [source], Target = target, AllowEmpty = true };

    public static CopyAction Add(string source, string target) => Copy(source, target) with { Unpack = true };

    /// <summary>Path, kind, mode and owner of all in the target.</summary>
    public string List()
    {
        var text = new StringBuilder();
        using var tree = new TreeReader(Target);
        foreach (var entry in tree.Walk())
        {
            if (entry.Path.Length == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(entry.Path)} {entry.Kind} {Convert.ToString(entry.Metadata.Mode, 8)} {entry.Metadata.Uid}:{entry.Metadata.Gid}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    public TreeEntry Entry(string path)
    {
        using var tree = new TreeReader(Target);
        return tree.Read(Encoding.UTF8.GetBytes(path)) ?? throw new FileNotFoundException(path);
    }

    /// <summary>Fails if anything outside was touched.</summary>
    public void CheckOutside() =>
        Assert.Equal(["secret=secret"], Directory.GetFileSystemEntries(Outside).Select(path => $"{Path.GetFileName(path)}={File.ReadAllText(path)}"));

    public void Dispose()
    {
        using var above = TreeFolder.Open(Path.GetDirectoryName(folder)!);
        above.RemoveTree(Encoding.UTF8.GetBytes(Path.GetFileName(folder)));
    }
}
