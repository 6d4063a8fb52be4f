using Naru.Oci.Runtime;
using Naru.Runtime.Seccomp;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Tests.Runtime.Seccomp;

/// <summary>A profile compiled by libseccomp, in the way of runc.</summary>
internal static class SecondOpinion
{
    private const int Exists = -17;

    /// <summary>Whether libseccomp has heard of a call; newer ones it leaves out.</summary>
    public static bool Knows(string name) => Libseccomp.seccomp_syscall_resolve_name(name) != -1;

    /// <summary>Its number of a call on an architecture by libseccomp's name; negative where it knows none.</summary>
    public static int NumberOf(string architecture, string name) => Libseccomp.seccomp_syscall_resolve_name_arch(Libseccomp.seccomp_arch_resolve_name(architecture), name);

    public static byte[] Compile(OciSeccomp profile)
    {
        var usual = SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet);
        var context = Libseccomp.seccomp_init(usual);
        Assert.NotEqual(0, context);
        try
        {
            Assert.Equal(0, Libseccomp.seccomp_attr_set(context, Libseccomp.SCMP_FLTATR_CTL_NNP, 0));
            foreach (var name in profile.Architectures ?? [])
                Assert.True(Libseccomp.seccomp_arch_add(context, Libseccomp.seccomp_arch_resolve_name(name["SCMP_ARCH_".Length..].ToLowerInvariant())) is 0 or Exists, name);
            foreach (var rule in profile.Syscalls ?? [])
            {
                var action = SeccompNames.ActionOf(rule.Action, rule.ErrnoRet);
                if (action == usual)
                    continue;
                var comparisons = (rule.Args ?? []).Select(SeccompNames.ComparisonOf)
                    .Select(one => new Libseccomp.scmp_arg_cmp { arg = one.Argument, op = (int)one.Operator, datum_a = one.Value, datum_b = one.Masked }).ToArray();
                var repeated = comparisons.Select(one => one.arg).Distinct().Count() < comparisons.Length;
                foreach (var name in rule.Names.Where(Knows))
                {
                    foreach (var together in repeated ? comparisons.Select(one => new[] { one }) : [comparisons])
                        Assert.Equal((name, 0), (name, Libseccomp.seccomp_rule_add_array(context, action, Libseccomp.seccomp_syscall_resolve_name(name), (uint)together.Length, together)));
                }
            }

            return Export(context);
        }
        finally
        {
            Libseccomp.seccomp_release(context);
        }
    }

    private static byte[] Export(nint context)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
                Assert.Equal(0, Libseccomp.seccomp_export_bpf(context, (int)file.DangerousGetHandle()));
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
