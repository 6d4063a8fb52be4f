using Naru.Base;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>Compiles a profile to the program that seccomp(2) takes: for each architecture, a search for the call's number among runs of calls with one answer.</summary>
/// <remarks>
/// The answers are libseccomp's, which runc and crun compile by (a test compares the two programs, call by call). In place of its list of one comparison a
/// call, 360 for Docker's profile, there are some sixty runs, searched by halves. A call above all that the profile names is answered by ENOSYS, where
/// the default is a refusal: programs try new calls and fall back on that, and on no other error. runc does the same.
/// </remarks>
internal static class SeccompCompiler
{
    /// <summary>BPF_MAXINSNS.</summary>
    private const int Most = 4096;

    private const uint ArchitectureOffset = 4, NumberOffset = 0, Skipped = uint.MaxValue, KillThread = 0, NoSuchCall = 0x50000 | 38;

    /// <returns>struct sock_filter, 8 bytes each.</returns>
    /// <exception cref="NaruException">InvalidArgument: a word that is none of the runtime-spec's; a filter larger than the kernel takes.</exception>
    public static byte[] Compile(OciSeccomp profile)
    {
        var architectures = SeccompArchitecture.Of(profile.Architectures);
        var code = new BpfCode();
        code.LoadWord(ArchitectureOffset);
        code.WhereEqual(SeccompArchitecture.X64.Audit, Native(profile, architectures.Contains(SeccompArchitecture.X32)));
        if (architectures.Contains(SeccompArchitecture.X86))
        {
            var compatible = new BpfCode();
            compatible.LoadWord(NumberOffset);
            compatible.Append(Search(profile, SeccompArchitecture.X86));
            code.WhereEqual(SeccompArchitecture.X86.Audit, compatible);
        }

        code.Return(KillThread);
        return code.Length <= Most ? code.ToBytes() : throw NaruException.Invalid($"the seccomp profile makes a filter of {code.Length} instructions, and the kernel takes {Most}");
    }

    private static BpfCode Native(OciSeccomp profile, bool x32)
    {
        var code = new BpfCode();
        code.LoadWord(NumberOffset);
        code.SkipAtLeast(SeccompArchitecture.X32Bit, Search(profile, SeccompArchitecture.X64));
        // What a tracer has made -1 is not to be called at all.
        code.Equal(Skipped, 0, 1);
        code.Return(SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet));
        if (x32)
            code.Append(Search(profile, SeccompArchitecture.X32));
        else
            code.Return(KillThread);
        return code;
    }

    /// <summary>The answer to the number in the accumulator; returns on every way.</summary>
    private static BpfCode Search(OciSeccomp profile, SeccompArchitecture architecture)
    {
        var usual = SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet);
        var rules = new SeccompRules(architecture, profile);
        var runs = new SeccompRuns(usual);
        for (var number = 0; number < rules.Calls.Length; number++)
        {
            if (rules.Calls[number] is { } call)
                runs.Add((uint)number, call);
        }

        if (rules.Last >= 0 && SeccompNames.Refuses(usual))
            runs.Rest((uint)rules.Last + 1, NoSuchCall);
        return runs.Emit(architecture);
    }
}
