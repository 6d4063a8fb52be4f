using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Build.Cache;

/// <summary>All kept results, in memory and in a journal of JSON lines, to which each change appends.</summary>
/// <remarks>
/// A cache may lose its last lines, but must never lead to files that are not there: a line that a crash tore is dropped with what follows it, and
/// records whose files may not have reached the disk before the machine went down are not taken up again. Whoever loads the store removes the
/// snapshots that no record names. Safe from any thread.
/// </remarks>
public sealed class CacheStore : IDisposable
{
    private readonly Lock gate = new();
    private readonly string path;
    private readonly Dictionary<Digest, CacheRecord> byId = [];
    private readonly Dictionary<Digest, Digest> byKey = [];
    private FileStream journal;
    private int lines;

    public CacheStore(string path)
    {
        this.path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Load();
        journal = Rewrite();
    }

    public IReadOnlyList<CacheRecord> All
    {
        get
        {
            lock (gate)
                return [.. byId.Values];
        }
    }

    public CacheRecord? Find(Digest key)
    {
        lock (gate)
            return byKey.TryGetValue(key, out var id) ? byId[id] : null;
    }

    /// <summary>The record as it is now; null when it was dropped meanwhile.</summary>
    public CacheRecord? Current(CacheRecord record)
    {
        lock (gate)
            return byId.GetValueOrDefault(record.Id);
    }

    /// <summary>Keeps a new result; one that had the same id, or any of its keys, is found no more by them.</summary>
    /// <returns>The record that was replaced, whose snapshot nobody leads to any more; null: none.</returns>
    public CacheRecord? Add(CacheRecord record)
    {
        lock (gate)
        {
            byId.Remove(record.Id, out var replaced);
            if (replaced is not null)
                Forget(replaced);
            Put(record);
            return replaced;
        }
    }

    /// <summary>Has another key lead to the record too.</summary>
    public CacheRecord Alias(CacheRecord record, Digest key) =>
        Change(record, current => current.Id == key || current.Aliases.Contains(key) ? current : current with { Aliases = [.. current.Aliases, key] });

    /// <summary>Changes a record; one that was dropped meanwhile stays so.</summary>
    public CacheRecord Change(CacheRecord record, Func<CacheRecord, CacheRecord> change)
    {
        lock (gate)
        {
            if (!byId.TryGetValue(record.Id, out var current) || change(current) is var changed && ReferenceEquals(changed, current))
                return current ?? record;
            Put(changed);
            return changed;
        }
    }

    public void Drop(CacheRecord record)
    {
        lock (gate)
        {
            if (!byId.Remove(record.Id, out var known))
                return;
            Forget(known);
            Append(new CacheLine { Drop = known.Id });
        }
    }

    /// <summary>Says that the files of all records so far are on disk.</summary>
    /// <param name="synced">Those that were there before the file system was synced.</param>
    public void MarkSynced(IReadOnlyList<CacheRecord> synced)
    {
        lock (gate)
        {
            var all = true;
            foreach (var record in byId.Values.ToList())
            {
                if (record.Synced)
                    continue;
                if (synced.Any(one => one.Id == record.Id && one.Snapshot == record.Snapshot))
                    byId[record.Id] = record with { Synced = true };
                else
                    all = false;
            }

            // One line for all is right only if nothing came meanwhile.
            if (all)
                Append(new CacheLine { Synced = true });
            else
                foreach (var record in synced)
                {
                    if (byId.TryGetValue(record.Id, out var known) && known.Synced)
                        Append(new CacheLine { Put = known });
                }

            RandomAccess.FlushToDisk(journal.SafeFileHandle);
        }
    }

    public void Dispose() => journal.Dispose();

    private void Put(CacheRecord record)
    {
        Know(record);
        Append(new CacheLine { Put = record });
    }

    private void Know(CacheRecord record)
    {
        byId[record.Id] = record;
        byKey[record.Id] = record.Id;
        foreach (var key in record.Aliases)
            byKey[key] = record.Id;
    }

    private void Forget(CacheRecord record)
    {
        foreach (var key in (Digest[])[record.Id, .. record.Aliases])
        {
            if (byKey.TryGetValue(key, out var id) && id == record.Id)
                byKey.Remove(key);
        }
    }

    private void Append(CacheLine line)
    {
        if (lines > 1000 && lines > byId.Count * 4)
        {
            journal.Dispose();
            journal = Rewrite();
        }

        Write(journal, line);
        lines++;
    }

    private void Load()
    {
        if (!File.Exists(path))
            return;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            try
            {
                Take(JsonSerializer.Deserialize(line, CacheJson.Default.CacheLine));
            }
            catch (Exception e) when (e is JsonException or NaruException)
            {
                Log.Warn($"{path}: line {number} is torn: the build cache goes on without it and what follows");
                break;
            }
        }

        foreach (var record in byId.Values.Where(record => !record.IsTrusted).ToList())
        {
            byId.Remove(record.Id);
            Forget(record);
        }
    }

    private void Take(CacheLine? line)
    {
        if (line?.Put is { } record)
        {
            Know(record);
        }
        else if (line?.Drop is { } id)
        {
            if (byId.Remove(id, out var dropped))
                Forget(dropped);
        }
        else if (line?.Synced == true)
        {
            foreach (var (known, value) in byId.ToList())
                byId[known] = value with { Synced = true };
        }
        else
        {
            throw new JsonException();
        }
    }

    private FileStream Rewrite()
    {
        var whole = new MemoryStream();
        foreach (var record in byId.Values)
            Write(whole, new CacheLine { Put = record });
        AtomicFile.Write(path, whole.GetBuffer().AsSpan(0, (int)whole.Length));
        lines = byId.Count;
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    private static void Write(Stream target, CacheLine line) => target.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, CacheJson.Default.CacheLine), (byte)'\n']);
}
