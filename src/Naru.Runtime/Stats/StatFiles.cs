using System.Globalization;
using Naru.Linux;

namespace Naru.Runtime.Stats;

/// <summary>Reads the forms that numbers have in a cgroup's files. What the machine does not count is 0, or empty.</summary>
internal static class StatFiles
{
    public static string Read(string? folder, string file)
    {
        try
        {
            return folder is null ? "" : Files.TryReadText($"{folder}/{file}") ?? "";
        }
        catch (LinuxException unsupported) when (unsupported.Number is Errno.EOPNOTSUPP or Errno.ENODEV)
        {
            // A kernel that can count pressure, but was told not to.
            return "";
        }
    }

    /// <summary>One number; «max» is the largest.</summary>
    public static ulong Number(string? folder, string file)
    {
        var text = Read(folder, file).Trim();
        return text == "max" ? ulong.MaxValue : Parse(text);
    }

    /// <summary>Lines «key number».</summary>
    public static Dictionary<string, ulong> Pairs(string? folder, string file)
    {
        var pairs = new Dictionary<string, ulong>();
        foreach (var line in Read(folder, file).Split('\n'))
        {
            if (line.Split(' ') is [var key, var value])
                pairs[key] = Parse(value);
        }

        return pairs;
    }

    /// <summary>Numbers on a line.</summary>
    public static IReadOnlyList<ulong> Numbers(string? folder, string file) =>
        Array.ConvertAll(Read(folder, file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), Parse);

    public static ulong Parse(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The sizes of the machine's huge pages as the hugetlb controller names them: 64KB, 2MB, 1GB.</summary>
    public static IEnumerable<string> HugePageSizes()
    {
        const string pages = "/sys/kernel/mm/hugepages", prefix = "hugepages-", suffix = "kB";
        if (!Directory.Exists(pages))
            yield break;
        foreach (var folder in Directory.GetDirectories(pages).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            var kilobytes = Parse(name[prefix.Length..^suffix.Length]);
            yield return kilobytes >= 1 << 20 ? $"{kilobytes >> 20}GB" : kilobytes >= 1 << 10 ? $"{kilobytes >> 10}MB" : $"{kilobytes}KB";
        }
    }
}
