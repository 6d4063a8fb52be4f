namespace Naru.Runc.Tests;

/// <summary>The same with --userns-remap: root in a container is uid 100000.</summary>
public sealed class RemappedDockerd() : Dockerd("""
    echo root:100000:65536 >/tmp/naru-subids; mount --bind /tmp/naru-subids /etc/subuid; mount --bind /tmp/naru-subids /etc/subgid; FLAGS=--userns-remap=root
    """);
