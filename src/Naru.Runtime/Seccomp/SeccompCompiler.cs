using Naru.Linux;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>Compiles a profile by libseccomp.</summary>
internal static class SeccompCompiler
{
    /// <returns>struct sock_filter, 8 bytes each.</returns>
    public static byte[] Compile(OciSeccomp profile)
    {
        var defaultAction = SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet);
        using var builder = new SeccompBuilder(defaultAction);
        foreach (var architecture in profile.Architectures ?? [])
            builder.AddArchitecture(SeccompNames.ArchitectureOf(architecture));
        foreach (var rule in profile.Syscalls ?? [])
        {
            var action = SeccompNames.ActionOf(rule.Action, rule.ErrnoRet);
            // A rule that does what happens anyway is one that libseccomp refuses.
            if (action == defaultAction)
                continue;
            var comparisons = (rule.Args ?? []).Select(argument =>
                new SeccompComparison(argument.Index, SeccompNames.OperatorOf(argument.Op), argument.Value, argument.ValueTwo ?? 0)).ToList();
            // Two comparisons of one argument in one rule: libseccomp wants them as rules of their own (any of them matches), as runc does.
            var repeated = comparisons.GroupBy(comparison => comparison.Argument).Any(group => group.Count() > 1);
            foreach (var name in rule.Names)
            {
                if (repeated)
                    comparisons.ForEach(comparison => builder.AddRule(name, action, [comparison]));
                else
                    builder.AddRule(name, action, comparisons);
            }
        }

        return builder.Export();
    }
}
