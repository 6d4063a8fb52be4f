using System.Security.Cryptography;
using System.Text;
using Naru.Build.Graph;

namespace Naru.Build.Execution;

/// <summary>The folders of <c>RUN --mount=type=cache</c>, kept from build to build.</summary>
/// <remarks>
/// <code>
/// DATA/builds/caches/KEY      one cache: KEY is of its id; KEY-1, KEY-2 … are those of «private» users that came while it was taken
/// </code>
/// </remarks>
public sealed class CacheMounts(string root)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Use> uses = [];

    /// <summary>Who uses a folder now.</summary>
    private sealed class Use
    {
        public int Count { get; set; }

        public SemaphoreSlim Turn { get; } = new(1, 1);
    }

    public string Root { get; } = root;

    /// <summary>Takes a cache's folder for a step. A locked one is waited for.</summary>
    /// <param name="prepare">Called with the folder if it is new: it may be given its first content.</param>
    public async Task<Lease> Take(RunMount mount, Action<string> prepare, CancellationToken cancel)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mount.Id)))[..32];
        var (name, use) = Choose(key, mount.Sharing == CacheSharing.Private);
        try
        {
            if (mount.Sharing == CacheSharing.Locked)
                await use.Turn.WaitAsync(cancel);
            try
            {
                var folder = Path.Combine(Root, name);
                lock (use)
                    Make(folder, prepare);
                return new Lease(folder, () => Release(name, use, mount.Sharing == CacheSharing.Locked));
            }
            catch when (mount.Sharing == CacheSharing.Locked)
            {
                use.Turn.Release();
                throw;
            }
        }
        catch
        {
            Release(name, use, turn: false);
            throw;
        }
    }

    /// <summary>The folders that nobody uses now: name, and when it was used last.</summary>
    public IReadOnlyList<DirectoryInfo> Idle()
    {
        if (!Directory.Exists(Root))
            return [];
        lock (gate)
            return [.. new DirectoryInfo(Root).EnumerateDirectories().Where(folder => !uses.ContainsKey(folder.Name))];
    }

    /// <summary>Removes a cache that nobody uses.</summary>
    /// <returns>False: it is used again.</returns>
    public bool Remove(DirectoryInfo folder)
    {
        lock (gate)
        {
            if (uses.ContainsKey(folder.Name))
                return false;
            folder.Delete(recursive: true);
            return true;
        }
    }

    private static void Make(string folder, Action<string> prepare)
    {
        if (!Directory.Exists(folder))
        {
            // Whole or not at all: a cache that was half filled by a crash would look like a full one.
            var fresh = folder + ".new";
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
            Directory.CreateDirectory(fresh);
            prepare(fresh);
            Directory.Move(fresh, folder);
        }

        Directory.SetLastAccessTimeUtc(folder, DateTime.UtcNow);
    }

    private (string Name, Use Use) Choose(string key, bool alone)
    {
        lock (gate)
        {
            for (var number = 0; ; number++)
            {
                var name = number == 0 ? key : $"{key}-{number}";
                if (!uses.TryGetValue(name, out var use))
                    uses[name] = use = new Use();
                else if (alone)
                    continue;
                use.Count++;
                return (name, use);
            }
        }
    }

    private void Release(string name, Use use, bool turn)
    {
        if (turn)
            use.Turn.Release();
        lock (gate)
        {
            if (--use.Count == 0)
                uses.Remove(name);
        }
    }

    /// <summary>A cache's folder while a step uses it.</summary>
    public sealed class Lease(string folder, Action release) : IDisposable
    {
        private Action? release = release;

        public string Folder { get; } = folder;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}
