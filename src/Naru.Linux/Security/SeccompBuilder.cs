using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Builds a filter with libseccomp (opened when first used).</summary>
public sealed unsafe class SeccompBuilder : IDisposable
{
    private readonly nint _context;

    /// <param name="defaultAction">For calls without a rule, and for architectures that were not added.</param>
    public SeccompBuilder(uint defaultAction)
    {
        _context = Libseccomp.seccomp_init(defaultAction);
        if (_context == 0)
            throw new LinuxException(Errno.EINVAL, "seccomp_init");
        Check(Libseccomp.seccomp_attr_set(_context, Libseccomp.SCMP_FLTATR_CTL_NNP, 0), "seccomp_attr_set");
    }

    /// <summary>Adds an architecture by libseccomp's name; one that is there already is fine.</summary>
    public void AddArchitecture(string name)
    {
        var token = Libseccomp.seccomp_arch_resolve_name(name);
        var result = Libseccomp.seccomp_arch_add(_context, token);
        if (token == 0 || result is not (0 or -Errno.EEXIST))
            throw new LinuxException(token == 0 ? Errno.EINVAL : -result, "seccomp_arch_add", name);
    }

    /// <summary>Adds a rule for a call; a name that libseccomp does not know is left out.</summary>
    public void AddRule(string name, uint action, IReadOnlyList<SeccompComparison> comparisons)
    {
        const int unknown = -1;
        var number = Libseccomp.seccomp_syscall_resolve_name(name);
        if (number == unknown)
            return;
        var arguments = stackalloc Libseccomp.scmp_arg_cmp[comparisons.Count];
        for (var index = 0; index < comparisons.Count; index++)
        {
            var (argument, operation, value, valueTwo) = comparisons[index];
            arguments[index] = new Libseccomp.scmp_arg_cmp { arg = argument, op = operation, datum_a = value, datum_b = valueTwo };
        }

        Check(Libseccomp.seccomp_rule_add_array(_context, action, number, (uint)comparisons.Count, arguments), "seccomp_rule_add", name);
    }

    /// <summary>The program: struct sock_filter, 8 bytes each.</summary>
    public byte[] Export()
    {
        using var file = Memory();
        Check(Libseccomp.seccomp_export_bpf(_context, Files.Raw(file)), "seccomp_export_bpf");
        using var again = Files.Open(Files.PathOf(file), OpenFlags.ReadOnly);
        return Files.ReadAll(again);
    }

    public void Dispose() => Libseccomp.seccomp_release(_context);

    private static SafeFileHandle Memory()
    {
        fixed (byte* name = "seccomp\0"u8)
            return Files.Own((int)Libc.syscall(Libc.SYS_memfd_create, (nuint)name, 1, 0, 0, 0), "memfd_create");
    }

    private static void Check(int result, string call, string? what = null)
    {
        if (result < 0)
            throw new LinuxException(-result, call, what);
    }
}
