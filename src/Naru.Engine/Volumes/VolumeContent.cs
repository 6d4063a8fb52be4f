using System.Diagnostics;
using Naru.Base;
using Naru.Linux;

namespace Naru.Engine.Volumes;

/// <summary>Fills a new volume from a container's root.</summary>
internal static class VolumeContent
{
    /// <summary>Copies a folder of the root, resolved below it whatever symlinks say, with owners, modes, links and attributes.</summary>
    public static void Copy(string root, string folder, string target)
    {
        using var rootHandle = Files.Open(root, OpenFlags.PathOnly | OpenFlags.Directory);
        using var source = TryOpen(rootHandle, folder.TrimStart('/'));
        if (source is null)
            return;
        var from = $"/proc/{Environment.ProcessId}/fd/{source.DangerousGetHandle()}";
        using var copy = Process.Start(new ProcessStartInfo("cp", ["-a", "--", from + "/.", target]) { RedirectStandardError = true })!;
        var error = copy.StandardError.ReadToEnd();
        copy.WaitForExit();
        if (copy.ExitCode != 0)
            throw new NaruException(ErrorKind.Internal, $"failed to populate volume: {error.Trim()}");
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle? TryOpen(Microsoft.Win32.SafeHandles.SafeFileHandle root, string path)
    {
        try
        {
            return Files.TryOpenInRoot(root, path, OpenFlags.PathOnly | OpenFlags.Directory);
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
