using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc;

/// <summary>What a command gets: its arguments, the flags before it, the runtime under --root, the log.</summary>
internal sealed record Invocation(Arguments Arguments, GlobalOptions Global, ContainerRuntime Runtime, RuncLog Log);
