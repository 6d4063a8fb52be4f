using System.Text;

namespace Naru.Hub.Layers;

/// <summary>All folders that a layer's entries are in, each after the one it is in; number 0 is the root. Paths are Latin-1: a char for each byte, so that their order is the bytes'.</summary>
internal sealed class LayerFolders
{
    private const int Cost = 96;

    private readonly EntryArena arena;
    private readonly List<string> paths = [""];
    private readonly List<int> parents = [-1];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly HashSet<int> opaque = [];
    private string lastPath = "";
    private int last;

    public LayerFolders(EntryArena arena) => this.arena = arena;

    public int Count => paths.Count;

    public string Path(int folder) => paths[folder];

    public int Parent(int folder) => parents[folder];

    public bool IsOpaque(int folder) => opaque.Contains(folder);

    public void SetOpaque(int folder) => opaque.Add(folder);

    /// <summary>The folder's last name, as bytes.</summary>
    public byte[] Name(int folder) => Encoding.Latin1.GetBytes(paths[folder][(paths[folder].LastIndexOf('/') + 1)..]);

    /// <summary>The folder's number; it and those that it is in get one when they have none.</summary>
    public int Number(ReadOnlySpan<byte> path)
    {
        var text = Encoding.Latin1.GetString(path);
        // Most archives have a folder's entries one after the other.
        if (text == lastPath)
            return last;
        (last, lastPath) = (Number(text), text);
        return last;
    }

    /// <summary>The number of a folder that is known, else -1.</summary>
    public int Find(ReadOnlySpan<byte> path) => numbers.GetValueOrDefault(Encoding.Latin1.GetString(path), -1);

    /// <summary>Each folder's place among all, sorted by path; and the other way round.</summary>
    public int[] Ranks(out int[] sorted)
    {
        var names = paths.ToArray();
        sorted = new int[names.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = i;
        Array.Sort(names, sorted, StringComparer.Ordinal);
        var ranks = new int[names.Length];
        for (var i = 0; i < sorted.Length; i++)
            ranks[sorted[i]] = i;
        return ranks;
    }

    private int Number(string path)
    {
        if (numbers.TryGetValue(path, out var number))
            return number;
        // From the longest part that is known down; a path has 2,048 parts at most, too many to recurse.
        var lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        var end = path.Length;
        do
            end = Math.Max(0, path.LastIndexOf('/', end - 1));
        while (!lookup.TryGetValue(path.AsSpan(0, end), out number));
        while (end < path.Length)
        {
            var next = path.IndexOf('/', end + 1);
            end = next < 0 ? path.Length : next;
            var folder = path[..end];
            arena.Account(Cost + (folder.Length * 2));
            paths.Add(folder);
            parents.Add(number);
            number = paths.Count - 1;
            numbers.Add(folder, number);
        }

        return number;
    }
}
