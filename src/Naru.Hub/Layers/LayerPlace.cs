namespace Naru.Hub.Layers;

/// <summary>A checkpoint as the index has it: its window is elsewhere in the file.</summary>
/// <param name="WindowLength">Packed; 0 for one that needs no window.</param>
internal sealed record LayerPlace(long Input, long Output, int Bits, int Block, long WindowOffset, int WindowLength, int WindowRaw);
