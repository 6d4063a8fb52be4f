using System.Globalization;

namespace Naru.Linux;

/// <summary>The pages of this process that are parts of its program and libraries' files, unchanged.</summary>
internal static class ProgramPages
{
    /// <summary>Unmaps those that were read: they stay in the page cache, from where the next use maps them again, many at a time.</summary>
    /// <remarks>proc_pid_smaps(5), madvise(2). Only mappings that cannot be written and of which no page was ever changed: a changed one would be lost.</remarks>
    public static void Release()
    {
        (nuint Start, nuint Length)? candidate = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (!IsField(line))
                candidate = ReadMapping(line);
            else if (candidate is { } mapping && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                _ = Libc.madvise(mapping.Start, mapping.Length, Libc.MADV_DONTNEED);
        }
    }

    /// <summary>A mapping's fields begin with a capital, its own line with an address in lower-case hex.</summary>
    private static bool IsField(string line) => line.Length > 0 && char.IsAsciiLetterUpper(line[0]);

    /// <summary><c>START-END PERMISSIONS OFFSET DEVICE INODE PATH</c>; null for what is no file's or can be written.</summary>
    private static (nuint Start, nuint Length)? ReadMapping(string line)
    {
        var parts = line.Split(' ', 6);
        if (parts.Length < 6 || !parts[5].TrimStart().StartsWith('/') || !parts[1].StartsWith("r-", StringComparison.Ordinal))
            return null;
        var dash = parts[0].IndexOf('-');
        var start = nuint.Parse(parts[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var end = nuint.Parse(parts[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, end - start);
    }
}
