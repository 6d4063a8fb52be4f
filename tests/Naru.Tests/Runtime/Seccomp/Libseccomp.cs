using System.Runtime.InteropServices;

namespace Naru.Tests.Runtime.Seccomp;

/// <summary>seccomp.h of libseccomp.</summary>
internal static partial class Libseccomp
{
    public const string Library = "libseccomp.so.2";

    public const int SCMP_FLTATR_CTL_NNP = 3;

    /// <summary>struct scmp_arg_cmp</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct scmp_arg_cmp
    {
        public uint arg;
        public int op;
        public ulong datum_a, datum_b;
    }

    [LibraryImport(Library)]
    public static partial nint seccomp_init(uint action);

    [LibraryImport(Library)]
    public static partial void seccomp_release(nint context);

    [LibraryImport(Library)]
    public static partial int seccomp_arch_add(nint context, uint token);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint seccomp_arch_resolve_name(string name);

    [LibraryImport(Library)]
    public static partial int seccomp_attr_set(nint context, int attribute, uint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name_arch(uint token, string name);

    [LibraryImport(Library)]
    public static partial int seccomp_rule_add_array(nint context, uint action, int number, uint count, [In] scmp_arg_cmp[] arguments);

    [LibraryImport(Library)]
    public static partial int seccomp_export_bpf(nint context, int fd);
}
