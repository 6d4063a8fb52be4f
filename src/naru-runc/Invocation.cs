using Naru.Runtime.Lifecycle;

namespace Naru.Runc;

/// <summary>What a command gets: its words, the runtime under --root, the log.</summary>
internal sealed record Invocation(IReadOnlyList<string> Words, ContainerRuntime Runtime, string Root, bool RootIsGiven, RuncLog Log);
