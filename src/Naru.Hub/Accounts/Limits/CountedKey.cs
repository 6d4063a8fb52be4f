namespace Naru.Hub.Accounts.Limits;

/// <summary>A key of a <see cref="SlidingCount"/> that was used.</summary>
/// <param name="Added">How often it came up here since it was last taken; 0 when it was only looked at.</param>
internal sealed record CountedKey(string Key, long Added);
