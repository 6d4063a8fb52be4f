using System.Runtime;

namespace Naru.Runc;

/// <summary>The thread that the .NET runtime would run finalizers on, which this program does without: it forks, and what another thread held then would be held for ever in the child.</summary>
/// <remarks>Nothing here relies on a finalizer: what is opened is closed by hand, or by the kernel at the end. Nothing may wait for one either (<c>GC.WaitForPendingFinalizers</c>).</remarks>
internal static class FinalizerThread
{
    /// <summary>In place of the start of the thread (the project has the linker wrap it): said to be done.</summary>
    [RuntimeExport("__wrap_PalStartFinalizerThread")]
    private static int Start(nint work, nint context) => 1;
}
