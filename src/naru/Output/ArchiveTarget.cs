using Naru.Cli.Terminal;
using Naru.Linux.Terminals;

namespace Naru.Cli.Output;

/// <summary>Where save and export write to: a file, which takes its name when it is whole, or standard output.</summary>
internal sealed class ArchiveTarget : IDisposable
{
    private readonly string? path;
    private readonly string? temporary;
    private bool kept;

    private ArchiveTarget(Stream stream, string? path, string? temporary) => (Stream, this.path, this.temporary) = (stream, path, temporary);

    public Stream Stream { get; }

    /// <exception cref="ExitException">Standard output is a terminal, or the file cannot be made.</exception>
    public static ArchiveTarget Open(string path, string verb)
    {
        if (path.Length == 0)
        {
            return ConsoleTerminal.IsTerminal(1)
                ? throw new ExitException(1, $"failed to {verb} {(verb == "save" ? "image" : "container")}: cowardly refusing to save to a terminal. Use the -o flag or redirect")
                : new ArchiveTarget(new DescriptorStream(1), null, null);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new ExitException(1, $"failed to {verb} {(verb == "save" ? "image" : "container")}: invalid output path: stat {Path.GetDirectoryName(path)}: no such file or directory");
        if (File.Exists(path) && (File.GetAttributes(path) & FileAttributes.Device) != 0)
            return new ArchiveTarget(File.OpenWrite(path), null, null);
        var temporary = Path.Combine(folder, $".tmp-{Path.GetFileName(path)}{Environment.ProcessId}");
        return new ArchiveTarget(File.Create(temporary), path, temporary);
    }

    /// <summary>The archive is whole.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        Stream.Dispose();
        if (temporary is null)
            return;
        if (kept)
            File.Move(temporary, path!, overwrite: true);
        else
            File.Delete(temporary);
    }
}
