using System.Security.Cryptography;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>Folders that clients sent, kept so that the next build is sent only what changed.</summary>
/// <remarks>
/// <code>
/// ROOT/KEY-N/tree/    the files
/// ROOT/KEY-N/index    what they are; missing while they change, and a folder without it is begun anew
/// </code>
/// KEY tells client, folder and purpose; builds that use one at the same time each get an N of their own.
/// </remarks>
public sealed class ContextStore
{
    private readonly Lock gate = new();
    private readonly HashSet<string> taken = [];
    private readonly string root;

    /// <param name="root">Made where it is missing.</param>
    public ContextStore(string root)
    {
        this.root = root;
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FolderPlacement.Spread(root);
    }

    /// <summary>What is kept.</summary>
    public IReadOnlyList<KeptContext> List()
    {
        var kept = new List<KeptContext>();
        foreach (var folder in new DirectoryInfo(root).EnumerateDirectories())
        {
            var index = Path.Combine(folder.FullName, "index");
            bool inUse;
            lock (gate)
                inUse = taken.Contains(folder.Name);
            kept.Add(new KeptContext(folder.Name, ContextIndex.ReadSummary(index)?.Size ?? 0, folder.CreationTimeUtc, File.Exists(index) ? File.GetLastWriteTimeUtc(index) : folder.LastWriteTimeUtc, inUse));
        }

        return kept;
    }

    /// <summary>Removes a kept folder. False: a build is using it.</summary>
    public bool Remove(string id)
    {
        lock (gate)
        {
            if (!taken.Add(id))
                return false;
        }

        try
        {
            if (Directory.Exists(Path.Combine(root, id)))
                Directory.Delete(Path.Combine(root, id), recursive: true);
            return true;
        }
        finally
        {
            Release(id);
        }
    }

    /// <summary>A path beside what is kept, for what one build alone needs.</summary>
    internal string Temporary() => Path.Combine(Path.GetDirectoryName(root)!, "tmp", Guid.NewGuid().ToString("N"));

    /// <summary>Takes the folder kept for this client and purpose, or a new one; nobody else gets it until it is given back.</summary>
    /// <param name="sharedKey">Empty: the client is not known, and nothing is kept.</param>
    /// <param name="purpose">Tells apart what is sent of one folder for different ends, which would replace each other.</param>
    /// <param name="scope">Which part of the folder is asked for: of several that are kept the one that held the same part is taken, since it has the least to change.</param>
    internal ContextSlot Take(string sharedKey, string local, string purpose, string scope)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sharedKey}\0{local}\0{purpose}")))[..32];
        string? id = null;
        lock (gate)
        {
            for (var number = 0; Directory.Exists(Path.Combine(root, $"{key}-{number}")) || taken.Contains($"{key}-{number}"); number++)
            {
                var kept = $"{key}-{number}";
                if (taken.Contains(kept))
                    continue;
                id ??= kept;
                if (ContextIndex.ReadSummary(Path.Combine(root, kept, "index"))?.Scope != scope)
                    continue;
                id = kept;
                break;
            }

            for (var number = 0; id is null; number++)
                id = taken.Contains($"{key}-{number}") ? null : $"{key}-{number}";
            taken.Add(id);
        }

        return new ContextSlot(Path.Combine(root, id), scope, sharedKey.Length > 0, () => Release(id));
    }

    private void Release(string id)
    {
        lock (gate)
            taken.Remove(id);
    }
}
