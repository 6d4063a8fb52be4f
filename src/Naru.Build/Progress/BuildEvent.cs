using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>Something that happened in a build, about one of its steps.</summary>
/// <param name="Step">The step's digest.</param>
public abstract record BuildEvent(Digest Step);
