using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>A Dockerfile, read: the truth is its bytes, this is a view. Nothing is expanded.</summary>
public sealed class DockerfileDocument
{
    public required SourceFile File { get; init; }

    public required DockerfileDirectives Directives { get; init; }

    /// <summary>ARGs before the first FROM.</summary>
    public required IReadOnlyList<ArgInstruction> GlobalArgs { get; init; }

    public required IReadOnlyList<DockerfileStage> Stages { get; init; }
}
