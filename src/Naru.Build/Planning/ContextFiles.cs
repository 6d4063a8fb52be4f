using Naru.Base.Paths;
using Naru.Build.Graph;

namespace Naru.Build.Planning;

/// <summary>The build context's step, and which of its paths the instructions use: the client sends no others.</summary>
internal sealed class ContextFiles(PlanOptions options)
{
    private readonly SortedSet<string> used = new(StringComparer.Ordinal);
    private readonly List<string> follow = [];
    private Step? step;

    /// <summary>.dockerignore's; null: there is none.</summary>
    public PathPatterns? Ignored { get; } = options.Ignore.Count > 0 ? new PathPatterns(options.Ignore) : null;

    /// <summary>The context. Its paths are known when <see cref="Close"/> was called; until then nothing may ask for its digest.</summary>
    public Step Step => step ??= options.ContextStep ?? new ContextStep
    {
        Name = "[internal] load build context",
        // The same files for every platform.
        Platform = options.BuildPlatform,
        Local = options.ContextLocal,
        Follow = follow,
        Exclude = options.Ignore,
    };

    /// <summary>Some step stands on it.</summary>
    public bool IsUsed => step is not null;

    public void Use(string path) => used.Add(SlashPath.Combine("/", path));

    /// <summary>No instruction will use more.</summary>
    public void Close()
    {
        if (used.Contains("/"))
            return;
        foreach (var path in used)
            follow.Add(path[1..]);
    }
}
