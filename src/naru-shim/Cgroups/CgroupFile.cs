using System.Globalization;

namespace Naru.Shim.Cgroups;

/// <summary>The three shapes of cgroup files: a number, lines of «key number», lines of words. What is missing reads as nothing: controllers differ by machine.</summary>
internal static class CgroupFile
{
    public static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The number in a file; «max» is the largest there is; 0 when it is missing.</summary>
    public static ulong Number(string folder, string name) =>
        Lines(Path.Combine(folder, name)) is [var line, ..] ? Parse(line) : 0;

    public static Dictionary<string, ulong> Pairs(string folder, string name)
    {
        var pairs = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var line in Lines(Path.Combine(folder, name)))
        {
            if (line.Split(' ') is [var key, var value])
                pairs[key] = Parse(value);
        }
        return pairs;
    }

    public static ulong Parse(string text) =>
        text == "max" ? ulong.MaxValue : ulong.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
