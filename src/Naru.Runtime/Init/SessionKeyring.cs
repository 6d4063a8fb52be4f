using Microsoft.Win32.SafeHandles;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The session keyring that a container's processes share, so that none has that of whoever called the runtime. keyrings(7).</summary>
/// <remarks>It is found by its name, as runc has it: what comes later must be allowed to search it.</remarks>
internal sealed class SessionKeyring(string id, string? label) : IDisposable
{
    /// <summary>All to those who have it; to its user, who is root in the container, what is usual and that it may be searched.</summary>
    private const uint Permissions = 0x3f1b0000;

    // While the host's procfs is in sight.
    private readonly SafeFileHandle? _attribute = Selinux.OpenKeys(label);

    /// <summary>In the container's user namespace, as its root: names are found in their own namespace only.</summary>
    public void Join() => Selinux.LabelKeys(_attribute, label, () => Credentials.JoinSessionKeyring($"_ses.{id}", Permissions));

    public void Dispose() => _attribute?.Dispose();
}
