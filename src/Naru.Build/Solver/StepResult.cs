using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>What a step made: layers upon each other, or a folder that is no layer (what a client sent, what was downloaded).</summary>
public sealed record StepResult
{
    public static StepResult Scratch { get; } = new() { Identity = Digest.Of("scratch"u8) };

    /// <summary>Two results of one identity have the same files; empty: the content alone tells (a client's folder).</summary>
    public required Digest Identity { get; init; }

    /// <summary>Lowest first.</summary>
    public IReadOnlyList<ResultLayer> Layers { get; init; } = [];

    /// <summary>The files of a result that is no layer; null: it is layers.</summary>
    public Context.ContextFolder? Folder { get; init; }

    /// <summary>The image of which <see cref="Layers"/> begin, whose layers may have to be fetched yet; null: none.</summary>
    public Graph.ResolvedImage? Image { get; init; }

    /// <summary>A result that has nothing but its identity yet; null: it is here, or can be fetched.</summary>
    public StepPromise? Promise { get; init; }

    /// <summary>The topmost snapshot; empty for none.</summary>
    public string Snapshot => Layers.Count == 0 ? "" : Layers[^1].Snapshot;

    /// <summary>The name by which an image would know the topmost snapshot; empty for none, and while a layer's digest is not known.</summary>
    public string Chain
    {
        get
        {
            Digest chain = default;
            foreach (var layer in Layers)
            {
                if (layer.DiffId.IsEmpty)
                    return "";
                chain = ChainId.Next(chain, layer.DiffId);
            }

            return chain.ToString();
        }
    }
}
