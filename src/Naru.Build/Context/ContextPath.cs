using Naru.Base;

namespace Naru.Build.Context;

/// <summary>Names of a client's files: UTF-8, relative, <c>/</c> between.</summary>
internal static class ContextPath
{
    private const int Longest = 4095, LongestName = 255;

    /// <summary>The order in which trees are sent: names by their bytes, a folder's content right after it.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);
        // The separator comes before every letter of a name.
        return a[same] == (byte)'/' ? -1 : b[same] == (byte)'/' ? 1 : a[same].CompareTo(b[same]);
    }

    /// <summary>The folder a path is in; empty: the root.</summary>
    public static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        return slash < 0 ? default : path[..slash];
    }

    /// <summary>True when <paramref name="path"/> lies in <paramref name="folder"/>, at any depth.</summary>
    public static bool IsBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder) =>
        path.Length > folder.Length && path[folder.Length] == (byte)'/' && path.StartsWith(folder);

    /// <exception cref="NaruException">InvalidArgument: absolute, with <c>.</c>, <c>..</c>, an empty name or NUL, or too long.</exception>
    public static void Check(ReadOnlySpan<byte> path)
    {
        var good = path.Length is > 0 and <= Longest && !path.Contains((byte)0);
        foreach (var range in path.Split((byte)'/'))
        {
            var name = path[range];
            good &= name.Length is > 0 and <= LongestName && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8);
        }

        if (!good)
            throw NaruException.Invalid($"invalid path in what the client sent: \"{Text(path)}\"");
    }

    public static string Text(ReadOnlySpan<byte> path) => System.Text.Encoding.UTF8.GetString(path[..Math.Min(path.Length, Longest)]);
}
