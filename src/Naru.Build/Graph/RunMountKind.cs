namespace Naru.Build.Graph;

/// <summary>RUN --mount=type=…</summary>
public enum RunMountKind
{
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}
