using System.Text;

namespace Naru.Base;

/// <summary>A short name for a longer one: FNV-1a of 128 bits.</summary>
/// <remarks>Where nobody gains by a collision of his making: SHA256 would load OpenSSL, which takes longer than all the rest of a small program's start.</remarks>
public static class ShortHash
{
    /// <returns>32 hexadecimal digits.</returns>
    public static string Of(string text)
    {
        var prime = new UInt128(0x1000000, 0x13B);
        var hash = new UInt128(0x6c62272e07bb0142, 0x62b821756295c58d);
        foreach (var each in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ each) * prime);
        return $"{hash:x32}";
    }
}
