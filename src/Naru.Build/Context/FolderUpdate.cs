using System.Security.Cryptography;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>Makes a kept folder what a client describes, file by file in order: what is the same stays, what is gone goes, what is new is asked for.</summary>
/// <remarks>
/// Every path is below the folder, and each comes after the folder that it is in, so that no link is ever in the way; the writer resolves inside the
/// folder all the same. Files change by being replaced. One thread at a time.
/// </remarks>
internal sealed class FolderUpdate : IDisposable
{
    /// <summary>Files that may come side by side; a client of BuildKit's sends four.</summary>
    private const int MostOpen = 256;

    private readonly ContextSlot slot;
    private readonly TreeWriter writer;
    private readonly FileWrites writes;
    private readonly List<ContextEntry> old;
    private readonly List<ContextEntry> entries = [];
    private readonly Dictionary<uint, ReceivedFile> awaited = [];
    private readonly List<ContextEntry> further = [];
    private readonly HashSet<ContextEntry> came = [];
    private readonly List<ContextEntry> folders = [];
    private readonly List<ContextEntry> touched = [];
    private ContextEntry? gone;
    private bool changed;
    private int oldAt;
    private int open;
    private uint next;

    public FolderUpdate(ContextSlot slot)
    {
        this.slot = slot;
        old = slot.Entries;
        writer = new TreeWriter(slot.Tree);
        writes = new FileWrites(slot.Tree);
    }

    /// <summary>Files that were asked for and are not there yet.</summary>
    public int Awaited => awaited.Count;

    /// <summary>True once the client has described all.</summary>
    public bool Described { get; private set; }

    /// <summary>The next file that the client has.</summary>
    /// <returns>The number to ask for its content by; null: it is not needed.</returns>
    /// <exception cref="NaruException">InvalidArgument: no such path is possible, or not at this place.</exception>
    public uint? Describe(ContextEntry entry)
    {
        var number = next++;
        CheckPlace(entry);
        var before = Advance(entry.Path);
        if ((entry.Mode & (ContextEntry.Socket | ContextEntry.Irregular)) != 0)
        {
            // Nothing can be made of a socket: left out, as archives leave it out.
            if (before is not null)
                Remove(before);
            return null;
        }

        entries.Add(entry);
        if (entry.IsFolder)
            folders.Add(entry);
        if (before is not null && entry.IsSame(before) && (!entry.IsFile || before.Digest is not null) && !(entry.IsHardLink && IsNew(entry.Link)))
        {
            entry.Digest = before.Digest;
            return null;
        }

        Change(entry);
        if (before is { IsFolder: true } && !entry.IsFolder)
            gone = before;
        return Place(entry, before) ? Await(number, entry) : null;
    }

    /// <summary>The client has described all: what it did not name is gone.</summary>
    public void EndDescription()
    {
        Described = true;
        while (oldAt < old.Count)
            RemoveUnlessGone(old[oldAt++]);
    }

    /// <summary>A part of a file's content; an empty one is its end.</summary>
    /// <param name="content">Nobody changes it.</param>
    /// <exception cref="NaruException">InvalidArgument: nobody asked for it, or it is not as long as the file was said to be.</exception>
    public void Receive(uint number, ReadOnlyMemory<byte> content)
    {
        if (!awaited.TryGetValue(number, out var file))
            throw NaruException.Invalid($"the client sent the content of file {number}, which was not asked for");
        if (!file.IsBegun && ++open > MostOpen)
            throw NaruException.Invalid($"the client sends more than {MostOpen} files side by side");
        file.IsBegun = true;
        if (content.IsEmpty)
        {
            if (file.Length != file.Entry.Size)
                throw Changed(file);
            file.End();
            open--;
            awaited.Remove(number);
        }
        else
        {
            if (file.Length + content.Length > file.Entry.Size)
                throw Changed(file);
            file.Append(content.Span);
        }

        writes.Add(file, content);
    }

    /// <summary>Everything is here: further names of files, times of folders, and the index.</summary>
    public void Complete()
    {
        writes.Finish();
        foreach (var entry in further)
        {
            writer.HardLink(entry.Path, entry.Link);
            entry.Digest = Find(entry.Link)!.Digest;
        }

        foreach (var folder in touched)
            writer.Directory(folder.Path, folder.Metadata, folder.Xattrs);
        writer.Complete();
        slot.EndChange(entries);
    }

    /// <summary>The client went away: what came whole is kept for the next time, and the rest is removed.</summary>
    public void GiveUp()
    {
        writes.Dispose();
        if (!changed)
            return;
        try
        {
            KeepWhole();
        }
        catch (Exception e) when (e is IOException or NaruException or LinuxException)
        {
            // Without an index the folder is begun anew.
            Log.Warn($"{slot.Tree}: {e.Message}");
        }
    }

    public void Dispose()
    {
        writes.Dispose();
        foreach (var file in awaited.Values)
            file.Forget();
        writer.Dispose();
    }

    private void KeepWhole()
    {
        var whole = new List<ContextEntry>();
        foreach (var entry in entries)
        {
            if (!entry.IsFile || entry.Digest is not null)
                whole.Add(entry);
            else
                writer.Remove(entry.Path);
        }

        for (; oldAt < old.Count; oldAt++)
        {
            if (!IsGone(old[oldAt]))
                whole.Add(old[oldAt]);
        }

        slot.EndChange(whole);
    }

    private static NaruException Changed(ReceivedFile file) =>
        NaruException.Invalid($"file {ContextPath.Text(file.Entry.Path)} is not of the {file.Entry.Size} bytes that the client announced: it changed while it was sent");

    /// <summary>After the entry before it, in a folder that was described, and linked to something that was.</summary>
    private void CheckPlace(ContextEntry entry)
    {
        if (Described)
            throw NaruException.Invalid("the client described a file after the end of its description");
        ContextPath.Check(entry.Path);
        if (entries.Count > 0 && ContextPath.Compare(entries[^1].Path, entry.Path) >= 0)
            throw NaruException.Invalid($"the client sent \"{ContextPath.Text(entry.Path)}\" out of order, after \"{ContextPath.Text(entries[^1].Path)}\"");
        while (folders.Count > 0 && !ContextPath.IsBelow(entry.Path, folders[^1].Path))
            folders.RemoveAt(folders.Count - 1);
        if (!ContextPath.Parent(entry.Path).SequenceEqual(folders.Count == 0 ? [] : folders[^1].Path))
            throw NaruException.Invalid($"the client sent \"{ContextPath.Text(entry.Path)}\" in what is no folder");
        if (entry.Size < 0)
            throw NaruException.Invalid($"the client sent \"{ContextPath.Text(entry.Path)}\" with a size of {entry.Size}");
        if (!entry.IsHardLink)
            return;
        ContextPath.Check(entry.Link);
        if (Find(entry.Link) is not { IsFile: true, IsHardLink: false })
            throw NaruException.Invalid($"the client sent \"{ContextPath.Text(entry.Path)}\" as a name of \"{ContextPath.Text(entry.Link)}\", which is no file before it");
    }

    /// <summary>Removes what the description has passed by.</summary>
    /// <returns>What was at this path until now.</returns>
    private ContextEntry? Advance(byte[] path)
    {
        while (oldAt < old.Count)
        {
            var order = ContextPath.Compare(old[oldAt].Path, path);
            if (order > 0)
                return null;
            var before = old[oldAt++];
            if (order == 0)
                return IsGone(before) ? null : before;
            RemoveUnlessGone(before);
        }

        return null;
    }

    private void RemoveUnlessGone(ContextEntry entry)
    {
        if (!IsGone(entry))
            Remove(entry);
    }

    private void Remove(ContextEntry entry)
    {
        Change(entry);
        writer.Remove(entry.Path);
        if (entry.IsFolder)
            gone = entry;
    }

    /// <summary>True when the folder it was in went, and took it along.</summary>
    private bool IsGone(ContextEntry entry) => gone is not null && ContextPath.IsBelow(entry.Path, gone.Path);

    /// <summary>The tree changes in the folder of this entry: that gets its time again at the end.</summary>
    private void Change(ContextEntry entry)
    {
        if (!changed)
            slot.BeginChange();
        changed = true;
        var parent = ContextPath.Parent(entry.Path);
        if (!parent.IsEmpty && Find(parent) is { IsFolder: true } folder && (touched.Count == 0 || touched[^1] != folder))
            touched.Add(folder);
    }

    /// <returns>True when its content is needed.</returns>
    private bool Place(ContextEntry entry, ContextEntry? before)
    {
        var metadata = entry.Metadata;
        came.Add(entry);
        if (entry.IsFolder)
        {
            writer.Directory(entry.Path, metadata, entry.Xattrs);
        }
        else if (entry.IsSymlink)
        {
            writer.Symlink(entry.Path, entry.Link, metadata, entry.Xattrs);
        }
        else if (!entry.IsFile)
        {
            writer.Node(entry.Path, entry.Kind, (uint)entry.Major, (uint)entry.Minor, metadata, entry.Xattrs);
        }
        else if (entry.IsHardLink)
        {
            if (before is not null)
                writer.Remove(before.Path);
            further.Add(entry);
        }
        else if (entry.Size == 0)
        {
            TreeWriter.Finish(writer.Create(entry.Path, metadata.Mode), metadata, entry.Xattrs, entry.Path);
            entry.Digest = SHA256.HashData([]);
        }
        else
        {
            return true;
        }

        return false;
    }

    private uint Await(uint number, ContextEntry entry)
    {
        awaited.Add(number, new ReceivedFile(entry));
        return number;
    }

    private bool IsNew(byte[] path) => Find(path) is { } entry && came.Contains(entry);

    private ContextEntry? Find(ReadOnlySpan<byte> path)
    {
        int low = 0, high = entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = ContextPath.Compare(entries[middle].Path, path);
            if (order == 0)
                return entries[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }
}
