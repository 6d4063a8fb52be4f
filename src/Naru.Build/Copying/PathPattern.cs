using Naru.Base;

namespace Naru.Build.Copying;

/// <summary>One pattern of .dockerignore's language over paths as bytes: <c>*</c> and <c>?</c> within a name, <c>**</c> over any number of them, <c>[…]</c>, <c>\</c>.</summary>
internal sealed class PathPattern
{
    private readonly byte[] pattern;

    /// <exception cref="NaruException">InvalidArgument: <c>syntax error in pattern</c>.</exception>
    public PathPattern(ReadOnlySpan<byte> text)
    {
        IsException = text is [(byte)'!', ..];
        pattern = Clean(IsException ? text[1..].Trim((byte)' ') : text.Trim((byte)' '));
        if (!Glob.IsValid(pattern))
            throw NaruException.Invalid("syntax error in pattern");
    }

    /// <summary>Written with <c>!</c>: what matches is taken out of what matched before.</summary>
    public bool IsException { get; }

    public bool Matches(ReadOnlySpan<byte> path)
    {
        // «**name» without another wildcard is any end, even within a name.
        if (pattern is [(byte)'*', (byte)'*', not (byte)'/', ..] && pattern.AsSpan(2).IndexOfAny("*?[\\"u8) < 0)
            return path.EndsWith(pattern.AsSpan(2));
        return Glob.Matches(pattern, path, across: true);
    }

    /// <summary>Whether something below <paramref name="folder"/> may match: false only when the names before the first wildcard say otherwise.</summary>
    public bool MayMatchBelow(ReadOnlySpan<byte> folder)
    {
        ReadOnlySpan<byte> rest = pattern;
        while (!folder.IsEmpty)
        {
            var want = Next(ref rest);
            if (want.IndexOfAny("*?[\\"u8) >= 0)
                return true;
            if (!want.SequenceEqual(Next(ref folder)))
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> path)
    {
        var slash = path.IndexOf((byte)'/');
        var name = slash < 0 ? path : path[..slash];
        path = slash < 0 ? default : path[(slash + 1)..];
        return name;
    }

    /// <summary>Go's filepath.Clean.</summary>
    private static byte[] Clean(ReadOnlySpan<byte> path)
    {
        var rooted = path is [(byte)'/', ..];
        List<byte[]> parts = [];
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8) && parts.Count > 0 && !parts[^1].AsSpan().SequenceEqual(".."u8))
                parts.RemoveAt(parts.Count - 1);
            else if (!rooted || !part.SequenceEqual(".."u8))
                parts.Add(part.ToArray());
        }

        List<byte> result = [];
        foreach (var part in parts)
        {
            if (result.Count > 0 || rooted)
                result.Add((byte)'/');
            result.AddRange(part);
        }

        return [.. result];
    }
}
