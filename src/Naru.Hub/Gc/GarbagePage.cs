namespace Naru.Hub.Gc;

/// <summary>How far a step came: the row it looked at last, how many went with this page, and whether there are no more.</summary>
internal sealed record GarbagePage(long Repository, string Digest, long Deleted, bool Last)
{
    public static readonly GarbagePage Start = new(0, "", 0, false);

    public static readonly GarbagePage End = new(0, "", 0, true);
}
