namespace Naru.Hub.Layers;

/// <summary>Walks through all entries of an index in the order of their keys, some pages at a time.</summary>
internal sealed class LayerCursor(LayerIndex index, int pagesAtOnce)
{
    private List<LayerEntry> entries = [];
    private int at = -1;
    private int next;

    /// <summary>The entry it stands on; null before the first and behind the last.</summary>
    public LayerEntry? Current { get; private set; }

    public async ValueTask Advance(CancellationToken cancel)
    {
        if (++at >= entries.Count)
        {
            entries = await index.Pages(next, pagesAtOnce, cancel);
            next += pagesAtOnce;
            at = 0;
        }

        Current = at < entries.Count ? entries[at] : null;
    }
}
