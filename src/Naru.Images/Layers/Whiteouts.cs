using System.Text;
using Naru.Base;

namespace Naru.Images;

/// <summary>The names of whiteouts in a layer's tar.</summary>
/// <remarks>OCI image-spec, layer.md, "Whiteouts".</remarks>
public static class Whiteouts
{
    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    public static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    /// <summary>aufs' bookkeeping (<c>.wh..wh.plnk</c> and its like), which old layers hold: no file, no whiteout.</summary>
    public static bool IsMetadata(ReadOnlySpan<byte> name) => name.StartsWith(".wh..wh."u8);

    /// <summary>The name that a whiteout hides.</summary>
    /// <exception cref="NaruException">InvalidArgument: it would hide the folder itself or the one above.</exception>
    public static ReadOnlySpan<byte> Hidden(ReadOnlySpan<byte> name)
    {
        var hidden = name[Prefix.Length..];
        if (hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8))
            throw NaruException.Invalid($"invalid whiteout name \"{Encoding.UTF8.GetString(name)}\"");
        return hidden;
    }
}
