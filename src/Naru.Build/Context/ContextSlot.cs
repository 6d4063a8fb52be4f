using Naru.Base;

namespace Naru.Build.Context;

/// <summary>One kept folder in one build's hands, from <see cref="ContextStore.Take"/> until it is disposed.</summary>
internal sealed class ContextSlot : IDisposable
{
    private readonly string folder;
    private readonly string scope;
    private readonly bool keep;
    private Action? release;
    private bool indexed;

    public ContextSlot(string folder, string scope, bool keep, Action release)
    {
        this.folder = folder;
        this.scope = scope;
        this.keep = keep;
        this.release = release;
        try
        {
            Entries = ContextIndex.Read(Index) ?? [];
            indexed = Entries.Count > 0;
            if (!indexed && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(Tree);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Tree => Path.Combine(folder, "tree");

    /// <summary>What the tree holds, in the order of <see cref="ContextPath.Compare"/>.</summary>
    public List<ContextEntry> Entries { get; private set; }

    private string Index => Path.Combine(folder, "index");

    /// <summary>From now on the tree is not what its index says; a crash must not leave them together.</summary>
    public void BeginChange()
    {
        if (!indexed)
            return;
        File.Delete(Index);
        indexed = false;
    }

    /// <summary>The tree holds this now.</summary>
    public void EndChange(List<ContextEntry> entries)
    {
        Entries = entries;
        if (indexed && ContextIndex.ReadSummary(Index)?.Scope == scope)
        {
            File.SetLastWriteTimeUtc(Index, DateTime.UtcNow);
            return;
        }

        ContextIndex.Write(Index, scope, entries);
        indexed = true;
    }

    /// <summary>The digest of a file's content, as it was when it came.</summary>
    public byte[]? Digest(string path)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(path);
        int low = 0, high = Entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = ContextPath.Compare(Entries[middle].Path, name);
            if (order == 0)
                return Entries[middle].Digest;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref release, null) is not { } once)
            return;
        try
        {
            if (!keep && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (IOException e)
        {
            Log.Warn($"{folder}: {e.Message}");
        }

        once();
    }
}
