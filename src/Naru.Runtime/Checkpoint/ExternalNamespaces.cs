using Naru.Oci.Runtime;

namespace Naru.Runtime.Checkpoint;

/// <summary>Namespaces that a container joins by their path: nothing of them is in the images.</summary>
internal static class ExternalNamespaces
{
    /// <summary>The name under which the images have a namespace that is the outside's; null for all that CRIU is not told of so.</summary>
    public static string? KeyOf(LinuxNamespace entry) => string.IsNullOrEmpty(entry.Path) ? null : entry.Type switch
    {
        "network" => "extRootNetNS",
        "pid" => "extRootPidNS",
        _ => null,
    };

    /// <summary>As /proc/PID/ns names it.</summary>
    public static string NameOf(string type) => type switch
    {
        "network" => "net",
        "mount" => "mnt",
        _ => type,
    };
}
