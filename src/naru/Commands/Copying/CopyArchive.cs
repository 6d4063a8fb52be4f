using System.Formats.Tar;

namespace Naru.Cli.Commands.Copying;

/// <summary>The tar streams of `cp`: packing local files, and unpacking a container's into a folder that it cannot leave.</summary>
internal static class CopyArchive
{
    /// <summary>Packs a file or a folder with all below it.</summary>
    /// <param name="rename">The name that entries begin with in place of the source's own; null keeps it.</param>
    public static void Pack(Stream into, CopyPlace source, string? rename)
    {
        using var writer = new TarWriter(into, TarEntryFormat.Pax, leaveOpen: true);
        var name = CopyPath.Split(source.Path).Name;
        var at = name == "." ? source.Path[..^2] : source.Path.TrimEnd('/');
        if (at.Length == 0)
            at = "/";
        var called = rename ?? (source.NewName.Length > 0 ? source.NewName : name);
        if (called is "." or "/")
            called = ".";
        Add(writer, at, called, top: true);
    }

    /// <summary>Unpacks into <paramref name="folder"/>, giving entries that begin with <paramref name="oldName"/> the new one.</summary>
    /// <exception cref="ExitException">An entry would leave the folder, or replace a folder by what is none.</exception>
    public static void Unpack(Stream archive, string folder, string? oldName, string? newName)
    {
        using var reader = new TarReader(archive);
        var times = new List<(string Path, DateTimeOffset Time, UnixFileMode Mode)>();
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                continue;
            var path = Place(folder, Rename(entry.Name, oldName, newName));
            if (path.Length == 0)
                continue;
            Put(entry, path, folder, oldName, newName);
            if (entry.EntryType == TarEntryType.Directory)
                times.Add((path, entry.ModificationTime, entry.Mode));
        }

        // Folders last: what is put into them changes their times, and they may be read-only.
        for (var index = times.Count - 1; index >= 0; index--)
        {
            var (path, time, mode) = times[index];
            File.SetUnixFileMode(path, mode);
            Directory.SetLastWriteTimeUtc(path, time.UtcDateTime);
        }
    }

    private static void Add(TarWriter writer, string path, string name, bool top)
    {
        var info = new FileInfo(path);
        var isFolder = Directory.Exists(path) && (info.LinkTarget is null || (top && name == "."));
        if (!isFolder)
        {
            try
            {
                writer.WriteEntry(path, name);
            }
            catch (IOException e) when (IsSocket(path))
            {
                Terminal.Streams.ErrorLine($"Can't add file {path} to tar: archive/tar: sockets not supported ({e.Message})");
            }

            return;
        }

        writer.WriteEntry(path, name + "/");
        foreach (var child in Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal))
            Add(writer, child, name + "/" + Path.GetFileName(child), top: false);
    }

    private static bool IsSocket(string path) => (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == 0 && !File.Exists(path);

    private static string Rename(string name, string? oldName, string? newName)
    {
        if (oldName is null || newName is null)
            return name;
        var clean = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        if (oldName is "/" or "")
            return newName + "/" + clean;
        return clean == oldName || clean.StartsWith(oldName + "/", StringComparison.Ordinal) ? newName + clean[oldName.Length..] : name;
    }

    /// <summary>The path of an entry below the folder; empty for the folder itself. No part on the way may be a link.</summary>
    private static string Place(string folder, string name)
    {
        var parts = CopyPath.Clean("/" + name).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (name.Split('/').Contains("..") || parts.Length == 0)
            return parts.Length == 0 ? "" : throw new ExitException(1, $"{GoText.Quote(name)} is outside of {GoText.Quote(folder)}");
        var path = folder.TrimEnd('/');
        for (var index = 0; index < parts.Length - 1; index++)
        {
            path += "/" + parts[index];
            if (new FileInfo(path).LinkTarget is not null)
                throw new ExitException(1, $"{GoText.Quote(name)} would be written through the link {GoText.Quote(path)}");
            Directory.CreateDirectory(path);
        }

        return path + "/" + parts[^1];
    }

    private static void Put(TarEntry entry, string path, string folder, string? oldName, string? newName)
    {
        var link = new FileInfo(path).LinkTarget is not null;
        var wasFolder = !link && Directory.Exists(path);
        if (entry.EntryType == TarEntryType.Directory)
        {
            if (!wasFolder && (link || File.Exists(path)))
                throw new ExitException(1, $"cannot overwrite non-directory {GoText.Quote(path)} with directory {GoText.Quote(folder)}");
            Directory.CreateDirectory(path);
            return;
        }

        if (wasFolder)
            throw new ExitException(1, $"cannot overwrite directory {GoText.Quote(path)} with non-directory {GoText.Quote(folder)}");
        if (link || File.Exists(path))
            File.Delete(path);
        switch (entry.EntryType)
        {
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                return;
            case TarEntryType.HardLink:
                var target = Place(folder, Rename(entry.LinkName, oldName, newName));
                if (new FileInfo(target).LinkTarget is { } pointed)
                    File.CreateSymbolicLink(path, pointed);
                else
                    File.Copy(target, path);
                return;
            default:
                entry.ExtractToFile(path, overwrite: false);
                return;
        }
    }
}
