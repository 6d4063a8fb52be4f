using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>A network namespace, held by a descriptor. It lives as long as a descriptor, a socket, a process or a pin (a bind mount on a file) holds it.</summary>
/// <remarks>network_namespaces(7). Threads of this program are never moved for good: what must happen inside happens on a thread that ends afterwards.</remarks>
public sealed class NetNs : IDisposable
{
    // Enough for any code that runs inside; the default of 1.5 MB would be mapped for each.
    private const int StackSize = 256 * 1024;

    private readonly SafeFileHandle _handle;

    private NetNs(SafeFileHandle handle) => _handle = handle;

    internal int Descriptor => Files.Raw(_handle);

    /// <summary>Makes a namespace, pins it on <paramref name="path"/> (a new file), and runs <paramref name="inside"/> there before anyone else can see it.</summary>
    /// <exception cref="LinuxException">EEXIST: the file is there already.</exception>
    public static NetNs Create<T>(string path, Func<T> inside, out T result)
    {
        (NetNs, T) made = OnThread(() =>
        {
            LinuxNamespaces.Unshare(NamespaceKinds.Network);
            var netns = Open("/proc/thread-self/ns/net");
            try
            {
                using (File.Open(path, FileMode.CreateNew))
                {
                }

                try
                {
                    Mounts.Bind("/proc/thread-self/ns/net", path);
                    return (netns, inside());
                }
                catch
                {
                    Unpin(path);
                    throw;
                }
            }
            catch
            {
                netns.Dispose();
                throw;
            }
        });
        result = made.Item2;
        return made.Item1;
    }

    /// <summary>The namespace behind a pin or a /proc/PID/ns/net.</summary>
    public static NetNs Open(string path) => new(Files.Open(path, OpenFlags.ReadOnly));

    /// <summary>Takes a pin away; one that is not there is fine. The kernel frees the namespace, and its links, when nothing else holds it.</summary>
    public static void Unpin(string path)
    {
        Mounts.Unmount(path, detach: true);
        File.Delete(path);
    }

    /// <summary>Runs <paramref name="action"/> inside the namespace, on a thread of its own. Sockets opened there stay there.</summary>
    public T Run<T>(Func<T> action) => OnThread(() =>
    {
        LinuxNamespaces.Join(_handle, NamespaceKinds.Network);
        return action();
    });

    public void Dispose() => _handle.Dispose();

    private static T OnThread<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = action();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize)
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
