using System.Globalization;
using System.Text;
using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Tests.Build.Copying;

/// <summary>A source and a target folder, written and read as lines; gone when disposed.</summary>
public sealed class CopyBench : IDisposable
{
    /// <summary>The time of all that <see cref="Write"/> makes.</summary>
    public const long Time = 1_000_000_000;

    private readonly string folder = Directory.CreateTempSubdirectory("naru-files-").FullName;

    public CopyBench()
    {
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(Target);
    }

    public string Source => Path.Combine(folder, "source");

    public string Target => Path.Combine(folder, "target");

    /// <summary>Makes files in one of the folders: <c>name=content</c>, <c>name/</c>, <c>name->target</c>; a mode may follow after a space.</summary>
    public CopyBench Write(string root, string lines)
    {
        List<string> made = [];
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ');
            var link = words[0].IndexOf("->", StringComparison.Ordinal);
            var equals = words[0].IndexOf('=', StringComparison.Ordinal);
            var name = link > 0 ? words[0][..link] : equals > 0 ? words[0][..equals] : words[0];
            var path = Path.Combine(root, name.TrimEnd('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (link > 0)
                File.CreateSymbolicLink(path, words[0][(link + 2)..]);
            else if (equals > 0)
                File.WriteAllText(path, words[0][(equals + 1)..]);
            else
                Directory.CreateDirectory(path);
            if (words.Length > 1)
                File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(words[1], 8));
            if (link < 0)
                made.Add(path);
        }

        foreach (var path in Directory.GetDirectories(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            made.Add(path);
        made.Add(root);
        foreach (var path in made.OrderByDescending(static path => path.Length))
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(Time));
        return this;
    }

    public string Copy(CopyAction action, FileActionOptions? options = null)
    {
        Apply(action, options);
        return List();
    }

    public void Apply(FileAction action, FileActionOptions? options = null) =>
        FileActions.Apply(
            new FileStep { Name = "step", Platform = new Platform { Os = "linux", Architecture = "amd64" }, Actions = [action] },
            Target, _ => new SourceTree { Folder = Source }, options ?? new FileActionOptions(), default);

    /// <summary>The target: path, permission bits, <c>=</c> and content, or <c>-></c> and target; <c>*</c> after what has the time of <see cref="Write"/>.</summary>
    public string List()
    {
        var text = new StringBuilder();
        using var tree = new TreeReader(Target);
        foreach (var entry in tree.Walk())
        {
            if (entry.Path.Length == 0)
                continue;
            var name = Encoding.UTF8.GetString(entry.Path);
            var mode = Convert.ToString(entry.Metadata.Mode, 8);
            var old = entry.Metadata.Seconds == Time && entry.Kind != TreeEntryKind.Symlink ? "*" : "";
            text.Append(CultureInfo.InvariantCulture, $"{entry.Kind switch
            {
                TreeEntryKind.Directory => $"{name}/ {mode}",
                TreeEntryKind.Symlink => $"{name}->{Encoding.UTF8.GetString(entry.LinkTarget)}",
                TreeEntryKind.File => $"{name}={File.ReadAllText(Path.Combine(Target, name))} {mode}",
                _ => $"{name} {entry.Kind} {mode}",
            }}{old}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    public void Dispose()
    {
        // Not by the framework's own: it knows no names that are not UTF-8.
        using var above = TreeFolder.Open(Path.GetDirectoryName(folder)!);
        above.RemoveTree(Encoding.UTF8.GetBytes(Path.GetFileName(folder)));
    }
}
