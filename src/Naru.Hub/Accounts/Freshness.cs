namespace Naru.Hub.Accounts;

/// <summary>Counts the changes that this process made to accounts, rights and tokens: what was remembered before the last of them is not believed.</summary>
/// <remarks>Other processes learn of a change when what they remember runs out, which takes <see cref="Memory{TValue}"/>'s few seconds.</remarks>
public sealed class Freshness
{
    private long changes;

    /// <summary>Taken before the database is asked, and kept with the answer.</summary>
    internal long Now => Interlocked.Read(ref changes);

    /// <summary>After a change was committed.</summary>
    public void Changed() => Interlocked.Increment(ref changes);
}
