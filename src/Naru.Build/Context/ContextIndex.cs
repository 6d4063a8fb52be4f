using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>What a kept folder holds, beside it in one file: nothing of it is read again to know what changed, or a content's digest.</summary>
/// <remarks>Trusted only in the boot that wrote it: nothing here is flushed, and files that a loss of power cut short must not be taken for whole.</remarks>
internal static class ContextIndex
{
    private const uint Mark = 0x3258434E; // "NCX2"
    private const int BufferSize = 1 << 16;

    /// <summary>The boot that runs, as the kernel names it.</summary>
    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>The entries in their order; null: there is no index to trust.</summary>
    public static List<ContextEntry>? Read(string path)
    {
        try
        {
            using var reader = new BinaryReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize));
            if (reader.ReadUInt32() != Mark || reader.ReadString() != Boot)
                return null;
            _ = reader.ReadString();
            _ = reader.ReadInt64();
            var count = reader.ReadInt32();
            var entries = new List<ContextEntry>(count);
            while (entries.Count < count)
                entries.Add(ReadEntry(reader));
            return entries;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What an index says of the whole: bytes of its files, and which part of the client's folder was asked for. Null: there is none to trust.</summary>
    public static Summary? ReadSummary(string path)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            if (reader.ReadUInt32() != Mark || reader.ReadString() != Boot)
                return null;
            var scope = reader.ReadString();
            return new Summary(scope, reader.ReadInt64());
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    public static void Write(string path, string scope, IReadOnlyList<ContextEntry> entries)
    {
        long size = 0;
        foreach (var entry in entries)
            size += entry.IsFile && !entry.IsHardLink ? entry.Size : 0;
        var temporary = path + ".new";
        using (var writer = new BinaryWriter(new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize)))
        {
            writer.Write(Mark);
            writer.Write(Boot);
            writer.Write(scope);
            writer.Write(size);
            writer.Write(entries.Count);
            foreach (var entry in entries)
                WriteEntry(writer, entry);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static ContextEntry ReadEntry(BinaryReader reader)
    {
        var path = ReadBytes(reader);
        var entry = new ContextEntry
        {
            Path = path,
            Mode = reader.ReadUInt32(),
            Size = reader.ReadInt64(),
            Modified = reader.ReadInt64(),
            Link = ReadBytes(reader),
            Major = reader.ReadInt64(),
            Minor = reader.ReadInt64(),
            Xattrs = ReadXattrs(reader),
        };
        var digest = ReadBytes(reader);
        entry.Digest = digest.Length == ContextEntry.DigestSize ? digest : null;
        return entry;
    }

    private static void WriteEntry(BinaryWriter writer, ContextEntry entry)
    {
        WriteBytes(writer, entry.Path);
        writer.Write(entry.Mode);
        writer.Write(entry.Size);
        writer.Write(entry.Modified);
        WriteBytes(writer, entry.Link);
        writer.Write(entry.Major);
        writer.Write(entry.Minor);
        writer.Write7BitEncodedInt(entry.Xattrs.Count);
        foreach (var xattr in entry.Xattrs)
        {
            WriteBytes(writer, xattr.Name);
            WriteBytes(writer, xattr.Value);
        }

        WriteBytes(writer, entry.Digest ?? []);
    }

    private static List<TreeXattr> ReadXattrs(BinaryReader reader)
    {
        var xattrs = new List<TreeXattr>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            xattrs.Add(new TreeXattr(ReadBytes(reader), ReadBytes(reader)));
        return xattrs;
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    public sealed record Summary(string Scope, long Size);
}
