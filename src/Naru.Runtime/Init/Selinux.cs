using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>SELinux: the label of a process from its next execve on, of the keyrings that are made for it, of mounts.</summary>
/// <remarks>selinux(8); the attributes are those of proc_pid_attr(5).</remarks>
internal static class Selinux
{
    private const string FileSystem = "/sys/fs/selinux";
    private const long Magic = 0xf97cff8c;

    /// <summary>Whether the kernel has SELinux and a policy: before there is one, every process is a «kernel».</summary>
    public static bool Enabled
    {
        get
        {
            using var folder = Files.TryOpen(FileSystem, OpenFlags.PathOnly | OpenFlags.Directory);
            return folder is not null && Files.FileSystem(folder).Type == Magic && Files.TryReadText("/proc/self/attr/current")?.TrimEnd('\0', '\n') is not (null or "kernel");
        }
    }

    /// <summary>Opens what <see cref="Apply"/> writes to, while the host's procfs is in sight; null where no label is asked for.</summary>
    public static SafeFileHandle? Open(string? label)
    {
        if (string.IsNullOrEmpty(label))
            return null;
        using var proc = new ProcFiles();
        return proc.OpenAttribute("exec");
    }

    public static void Apply(SafeFileHandle? attribute, string? label)
    {
        if (attribute is not null)
            Write(attribute, "exec", label!);
    }

    /// <summary>As <see cref="Open"/>, for <see cref="LabelKeys"/>.</summary>
    public static SafeFileHandle? OpenKeys(string? label)
    {
        if (string.IsNullOrEmpty(label))
            return null;
        using var proc = new ProcFiles();
        return proc.OpenAttribute("keycreate");
    }

    /// <summary>What <paramref name="make"/> makes of keys is the process's that will have <paramref name="label"/>.</summary>
    public static void LabelKeys(SafeFileHandle? attribute, string? label, Action make)
    {
        if (attribute is null)
        {
            make();
            return;
        }

        Write(attribute, "keycreate", label!);
        make();
        // An empty write leaves it to the policy again.
        Write(attribute, "keycreate", "\n");
    }

    /// <summary>A file system's options with that of a label for all that is in it. Quoted: the categories of a label have commas between them.</summary>
    public static string WithContext(string data, string? label)
    {
        if (string.IsNullOrEmpty(label))
            return data;
        return data.Length == 0 ? $"context=\"{label}\"" : $"{data},context=\"{label}\"";
    }

    /// <summary>Labels a folder.</summary>
    public static void LabelFolder(SafeFileHandle folder, string? label)
    {
        if (string.IsNullOrEmpty(label))
            return;
        using var open = Files.Open(Files.PathOf(folder), OpenFlags.ReadOnly | OpenFlags.Directory);
        ExtendedAttributes.Set(open, "security.selinux", Encoding.UTF8.GetBytes(label + '\0'));
    }

    private static void Write(SafeFileHandle attribute, string name, string label)
    {
        try
        {
            Files.Write(attribute, Encoding.UTF8.GetBytes(label));
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"can't set process label: write attr/{name}: {Errno.Text(failure.Number)}", failure);
        }
    }
}
