using System.Text;
using Naru.Base;

namespace Naru.Images;

/// <summary>Turns the names in an archive into paths below a root, or refuses them.</summary>
public static class EntryNames
{
    /// <summary>Relative, without «.», «..», double and trailing slashes; empty for the root itself. A leading slash is dropped.</summary>
    /// <exception cref="NaruException">InvalidArgument: the name leads out of the root, or holds a NUL.</exception>
    public static byte[] Clean(ReadOnlySpan<byte> name)
    {
        if (IsClean(name))
            return name.ToArray();
        if (name.Contains((byte)0))
            throw Invalid(name);
        var cleaned = new List<byte>(name.Length);
        foreach (var range in name.Split((byte)'/'))
        {
            var part = name[range];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
            {
                if (cleaned.Count == 0)
                    throw Invalid(name);
                var slash = cleaned.LastIndexOf((byte)'/');
                cleaned.RemoveRange(Math.Max(slash, 0), cleaned.Count - Math.Max(slash, 0));
                continue;
            }

            if (cleaned.Count > 0)
                cleaned.Add((byte)'/');
            cleaned.AddRange(part);
        }

        return [.. cleaned];
    }

    private static bool IsClean(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[0] == (byte)'/' || name[^1] == (byte)'/' || name.Contains((byte)0))
            return false;
        // Any component that starts with a dot takes the slow way; «//» too.
        return name[0] != (byte)'.' && name.IndexOf("/."u8) < 0 && name.IndexOf("//"u8) < 0;
    }

    private static NaruException Invalid(ReadOnlySpan<byte> name) =>
        NaruException.Invalid($"invalid entry name \"{Encoding.UTF8.GetString(name).Replace("\0", "\\x00")}\"");
}
