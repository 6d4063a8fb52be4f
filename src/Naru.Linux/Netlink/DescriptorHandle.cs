using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>Owns a descriptor that is no file to .NET: a socket or a namespace.</summary>
internal sealed partial class DescriptorHandle : SafeHandle
{
    public DescriptorHandle(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    public int Number => !IsClosed ? (int)handle : throw new ObjectDisposedException(nameof(DescriptorHandle));

    protected override bool ReleaseHandle() => CloseDescriptor((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
