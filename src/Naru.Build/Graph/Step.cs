using Naru.Oci;

namespace Naru.Build.Graph;

/// <summary>One step of a build: what to do, on the results of which other steps. Its result is a file system; null stands for the empty one (<c>scratch</c>).</summary>
/// <remarks>
/// A plan makes steps, the solver runs them. Steps never change once made. Two steps that say the same have the same <see cref="Digest"/>, by which
/// progress names them; what of it determines the result is for the solver to say (a step's cache key).
/// </remarks>
public abstract class Step
{
    private Digest digest;

    /// <summary>What progress calls it: <c>[build 2/5] RUN make</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The platform whose programs run in it, and for which its image is chosen.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Runs even if its result is known (<c>--no-cache</c>); what it makes is kept for others all the same.</summary>
    public bool IgnoreCache { get; init; }

    /// <summary>Where the Dockerfile asks for it; null for steps that it does not name.</summary>
    public SourceLines? Lines { get; init; }

    /// <summary>The steps whose results it needs, each once.</summary>
    public abstract IReadOnlyList<Step> Inputs { get; }

    /// <summary>Of all that it says and of its inputs; not of its name.</summary>
    public Digest Digest
    {
        get
        {
            if (digest.IsEmpty)
            {
                var writer = new DefinitionWriter();
                writer.Add(GetType().Name);
                writer.Add(Platform.ToString());
                writer.Add(IgnoreCache);
                foreach (var input in Inputs)
                    writer.Add(input.Digest.ToString());
                Define(writer);
                digest = writer.Finish();
            }

            return digest;
        }
    }

    /// <summary>Writes what the step does, its inputs as their place in <see cref="Inputs"/> (-1: scratch): what determines its result besides those.</summary>
    public abstract void Define(DefinitionWriter writer);

    /// <summary>Where in <see cref="Inputs"/> a step is; -1: it is none of them, as scratch is not.</summary>
    public int PlaceOf(Step? input)
    {
        for (var place = 0; place < Inputs.Count; place++)
        {
            if (ReferenceEquals(Inputs[place], input))
                return place;
        }

        return -1;
    }

    protected static List<Step> Distinct(IEnumerable<Step?> steps)
    {
        List<Step> result = [];
        foreach (var step in steps)
        {
            if (step is not null && !result.Contains(step))
                result.Add(step);
        }

        return result;
    }
}
