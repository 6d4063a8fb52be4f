using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>AppArmor's profile holds from the next execve on.</summary>
internal static class AppArmor
{
    /// <summary>Opens what <see cref="Apply"/> writes to, while the host's procfs is in sight; null where no profile is asked for.</summary>
    public static SafeFileHandle? Open(string? profile)
    {
        if (string.IsNullOrEmpty(profile))
            return null;
        using var proc = new ProcFiles();
        try
        {
            return proc.OpenAttribute("apparmor/exec");
        }
        catch (LinuxException older) when (older.Number == Errno.ENOENT)
        {
            return proc.OpenAttribute("exec");
        }
    }

    public static void Apply(SafeFileHandle? attribute, string? profile)
    {
        if (attribute is null)
            return;
        try
        {
            Files.Write(attribute, Encoding.UTF8.GetBytes($"exec {profile}"));
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"unable to apply apparmor profile: apparmor failed to apply profile: write attr/exec: {Errno.Text(failure.Number)}", failure);
        }
    }
}
