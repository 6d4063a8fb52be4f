using System.Text;

namespace Naru.Shim;

/// <summary>The shim's log: the FIFO «log» in the bundle, which containerd reads; a line that does not fit at once is dropped, never waited for.</summary>
internal static class ShimLog
{
    private static Descriptor? output;

    /// <summary>Info and debug lines too.</summary>
    public static bool Verbose { get; set; }

    public static void Open(string bundle) => output = Descriptor.TryOpenLog(Path.Combine(bundle, "log"));

    public static void Debug(string message)
    {
        if (Verbose)
            Write("debug", message);
    }

    public static void Warn(string message) => Write("warning", message);

    private static void Write(string level, string message)
    {
        if (output is null)
            return;
        var text = message.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
        try
        {
            output.Write(Encoding.UTF8.GetBytes($"time=\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={level} msg=\"{text}\" runtime=io.containerd.naru.v2\n"));
        }
        catch (LinuxException)
        {
            output = null;
        }
    }
}
