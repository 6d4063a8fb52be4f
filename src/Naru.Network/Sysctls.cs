using Naru.Base;

namespace Naru.Network;

/// <summary>Network settings under /proc/sys, which shows those of the calling thread's network namespace.</summary>
internal static class Sysctls
{
    /// <summary>Writes a setting that differs. One that does not exist (a kernel without IPv6) is fine; one that may not be written is warned of.</summary>
    public static void Write(string name, string value)
    {
        var path = "/proc/sys/" + name;
        try
        {
            // Written only where needed: /proc/sys may be read-only, with everything set already.
            if (File.ReadAllText(path).Trim() != value)
                File.WriteAllText(path, value);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Warn($"{path}: cannot be set to {value}: {e.Message}");
        }
    }
}
