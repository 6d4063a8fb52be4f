using System.Security.Cryptography;
using Naru.Base;

namespace Naru.Hub.Storage;

/// <summary>Names of stored objects: 32 lower-case hex digits, random, so that no two are ever alike.</summary>
public static class ObjectKey
{
    private const int Bytes = 16;

    public static string New() => RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);

    public static bool IsKey(string text) => text.Length == Bytes * 2 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>The key itself, or an error: it becomes part of a path.</summary>
    /// <exception cref="NaruException">InvalidArgument: no key.</exception>
    public static string Check(string key) => IsKey(key) ? key : throw NaruException.Invalid($"not the key of an object: {key}");
}
