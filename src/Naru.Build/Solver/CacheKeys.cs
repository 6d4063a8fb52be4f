using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>What determines a step's result, as one digest. Two kinds lead to the same record.</summary>
/// <remarks>
/// By its inputs' identities: known as soon as those are. By content: where only files of an input matter (what COPY copies, what RUN mounts), the
/// digest of those files stands for the input, so that a stage that was made anew with the same files changes nothing. Raised
/// <see cref="Version"/>: what a step does has changed, and old results are not those of today's steps.
/// </remarks>
internal static class CacheKeys
{
    private const string Version = "naru.build.1";

    /// <returns>Empty where an input has no identity: only its content tells.</returns>
    public static Digest ByIdentity(Step step, IReadOnlyList<StepResult> inputs)
    {
        var writer = Begin(step);
        foreach (var input in inputs)
        {
            if (input.Identity.IsEmpty)
                return default;
            writer.Add(input.Identity.ToString());
        }

        return writer.Finish();
    }

    /// <param name="root">The identity of what is changed.</param>
    /// <param name="contents">The digests of what is read of other inputs, in the order of the step's actions or mounts.</param>
    public static Digest ByContent(Step step, StepResult root, IReadOnlyList<Digest> contents)
    {
        var writer = Begin(step);
        writer.Add(root.Identity.ToString());
        foreach (var content in contents)
            writer.Add(content.ToString());
        return writer.Finish();
    }

    /// <summary>A layer put upon others as it is.</summary>
    public static Digest OfMerge(Digest below, Digest layer)
    {
        var writer = new DefinitionWriter();
        writer.Add(Version);
        writer.Add("merge");
        writer.Add(below.ToString());
        writer.Add(layer.ToString());
        return writer.Finish();
    }

    /// <summary>An image's file system is its layers.</summary>
    public static Digest OfImage(ResolvedImage image)
    {
        var writer = new DefinitionWriter();
        writer.Add(Version);
        writer.Add("image");
        foreach (var diffId in image.Config.RootFs.DiffIds)
            writer.Add(diffId.ToString());
        return writer.Finish();
    }

    private static DefinitionWriter Begin(Step step)
    {
        var writer = new DefinitionWriter();
        writer.Add(Version);
        writer.Add(step.GetType().Name);
        writer.Add(step.Platform.ToString());
        step.Define(writer);
        return writer;
    }
}
