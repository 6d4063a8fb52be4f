using Naru.Oci.Runtime;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>A profile's rules for one architecture, by the numbers of its calls.</summary>
internal sealed class SeccompRules
{
    /// <summary>What x86 also reaches by socketcall(2) and ipc(2), which take the call's number there as their first argument.</summary>
    private static readonly string[] ThroughSocketcall =
    [
        "", "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv", "sendto", "recvfrom",
        "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg",
    ];

    private static readonly string[] ThroughIpc =
    [
        "", "semop", "semget", "semctl", "semtimedop", "", "", "", "", "", "", "msgsnd", "msgrcv", "msgget", "msgctl",
        "", "", "", "", "", "", "shmat", "shmdt", "shmget", "shmctl",
    ];

    private readonly SeccompCall?[] calls = new SeccompCall?[SystemCallTable.Limit];
    private readonly SeccompArchitecture architecture;

    public SeccompRules(SeccompArchitecture architecture, OciSeccomp profile)
    {
        this.architecture = architecture;
        var usual = SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet);
        foreach (var rule in profile.Syscalls ?? [])
        {
            var action = SeccompNames.ActionOf(rule.Action, rule.ErrnoRet);
            var alternatives = Alternatives(rule);
            foreach (var name in rule.Names)
                Add(name, action, alternatives, action == usual);
        }
    }

    /// <summary>By number: what the rules say of a call; null where they say nothing.</summary>
    public ReadOnlySpan<SeccompCall?> Calls => calls;

    /// <summary>The largest number that the profile names: what lies above is newer than whoever wrote it. -1 where it names none.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Comparisons that must all hold, or, where one argument is compared twice, any of them: as libseccomp takes rules, and runc gives them.</summary>
    private static List<List<SeccompComparison>> Alternatives(SeccompRule rule)
    {
        List<SeccompComparison> all = [];
        var repeated = false;
        foreach (var argument in rule.Args ?? [])
        {
            repeated |= all.Exists(comparison => comparison.Argument == argument.Index);
            all.Add(SeccompNames.ComparisonOf(argument));
        }

        return repeated ? all.ConvertAll(comparison => new List<SeccompComparison> { comparison }) : [all];
    }

    /// <param name="vain">The rule says what happens anyway: it makes the call known, no more.</param>
    private void Add(string name, uint action, List<List<SeccompComparison>> alternatives, bool vain)
    {
        if (NumberOf(name) is >= 0 and var number)
        {
            Last = Math.Max(Last, number);
            foreach (var comparisons in vain ? [] : alternatives)
                CallOf(number).Add(action, comparisons);
        }

        // The arguments behind the first are in memory there, where a filter cannot look.
        if (architecture != SeccompArchitecture.X86 || vain || alternatives is not [{ Count: 0 }])
            return;
        if (Array.IndexOf(ThroughSocketcall, name) is > 0 and var socket)
            CallOf(NumberOf("socketcall")).Add(action, [new SeccompComparison(0, SeccompOperator.Equal, (ulong)socket, 0)]);
        else if (Array.IndexOf(ThroughIpc, name) is > 0 and var ipc)
            CallOf(NumberOf("ipc")).Add(action, [new SeccompComparison(0, SeccompOperator.Equal, (ulong)ipc, 0)]);
    }

    private int NumberOf(string name) => SystemCalls.NumbersOf(name) is { Length: > 0 } numbers ? numbers[architecture.Column] : -1;

    private SeccompCall CallOf(int number) => calls[number] ??= new SeccompCall();
}
