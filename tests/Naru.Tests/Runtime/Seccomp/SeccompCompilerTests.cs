using System.Text.Json;
using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Seccomp;
using Naru.Runtime.SpecValidation;
using Naru.Tests.House;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Tests.Runtime.Seccomp;

/// <summary>Filters give the answers that libseccomp's give, to every call with every argument that could matter.</summary>
public sealed class SeccompCompilerTests
{
    private const uint X64 = 0xC000003E, X86 = 0x40000003, X32Bit = 0x40000000, NoSuchCall = 0x50000 | 38, Refused = 0x50000 | 1, Allowed = 0x7fff0000;

    private static readonly string[] Names = [.. Words().Chunk(4).Select(call => call[0])];

    /// <summary>Numbers, by column, of calls that an installed libseccomp has not heard of yet on that architecture, or has by another number.</summary>
    private static readonly Lazy<HashSet<uint>[]> Newer = new(() => (((string, uint)[])[("x86_64", 0), ("x32", X32Bit), ("x86", 0)]).Select((architecture, column) =>
        Words().Chunk(4).Where(call => call[1 + column] != "-" && (long)SecondOpinion.NumberOf(architecture.Item1, call[0]) != (uint.Parse(call[1 + column]) | architecture.Item2))
            .Select(call => uint.Parse(call[1 + column])).ToHashSet()).ToArray());

    [LibseccompFact]
    public void Dockers_profile_is_answered_as_libseccomp_answers_it()
    {
        var spec = SpecReader.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "bench/default-spec.json")));
        var profile = spec.Linux!.Seccomp!;
        Assert.True(profile.Syscalls!.Sum(rule => rule.Names.Count) > 300);
        // Calls that the library has not heard of it cannot answer.
        Compare(profile with { Syscalls = [.. profile.Syscalls!.Select(rule => rule with { Names = [.. rule.Names.Where(SecondOpinion.Knows)] })] });
    }

    [LibseccompFact]
    public void Any_profile_is_answered_as_libseccomp_answers_it()
    {
        var known = Names.Where(SecondOpinion.Knows).ToArray();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            try
            {
                Compare(Invent(random, known));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"profile {seed}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public void Each_of_several_rules_holds_alone()
    {
        var first = Allow("symlink") with { Args = [Compare(1, "SCMP_CMP_LE", 9), Compare(3, "SCMP_CMP_GT", 3), Compare(5, "SCMP_CMP_MASKED_EQ", 1, 1)] };
        var second = Allow("symlink") with { Args = [Compare(1, "SCMP_CMP_LE", 1), Compare(3, "SCMP_CMP_GE", 100), Compare(4, "SCMP_CMP_MASKED_EQ", 2)] };
        var program = SeccompCompiler.Compile(Profile(first, second));

        Assert.Equal(Allowed, BpfMachine.Run(program, 88, X64, [0, 9, 0, 4, 0, 1]));
        Assert.Equal(Allowed, BpfMachine.Run(program, 88, X64, [0, 1, 0, 100, 0, 0]));
        Assert.Equal(Refused, BpfMachine.Run(program, 88, X64, [0, 9, 0, 100, 0, 0]));
        Assert.Equal(Refused, BpfMachine.Run(program, 88, X64, [0, 1, 0, 4, 0, 0]));

        program = SeccompCompiler.Compile(Profile(Allow("symlink") with { Args = [Compare(5, "SCMP_CMP_GT", 1UL << 60)] }, Allow("symlink") with { Args = [Compare(5, "SCMP_CMP_LT", 1)] }));
        Assert.Equal([Allowed, Refused, Refused, Allowed], ((ulong[])[0, 1, 1UL << 60, 1UL << 61]).Select(value => BpfMachine.Run(program, 88, X64, [0, 0, 0, 0, 0, value])));
    }

    [Fact]
    public void Two_comparisons_of_one_argument_are_two_rules()
    {
        var rule = Allow("personality") with { Args = [Compare(0, "SCMP_CMP_EQ", 0), Compare(0, "SCMP_CMP_EQ", 8)] };
        var program = SeccompCompiler.Compile(Profile(rule));

        Assert.Equal([Allowed, Refused, Allowed], ((ulong[])[0, 1, 8]).Select(value => BpfMachine.Run(program, 135, X64, [value])));
    }

    [Fact]
    public void Sockets_that_x86_makes_through_another_call_are_found_there()
    {
        var program = SeccompCompiler.Compile(Profile(Allow("socket", "shmat")) with { Architectures = ["SCMP_ARCH_X86"] });

        Assert.Equal([Allowed, Refused], ((ulong[])[1, 2]).Select(number => BpfMachine.Run(program, 102, X86, [number])));
        Assert.Equal([Allowed, Refused], ((ulong[])[21, 22]).Select(number => BpfMachine.Run(program, 117, X86, [number])));
        Assert.Equal(Allowed, BpfMachine.Run(program, 359, X86, []));
    }

    [Fact]
    public void Calls_newer_than_the_profile_are_answered_as_unknown_and_old_ones_refused()
    {
        var program = SeccompCompiler.Compile(Profile(Allow("read", "futex_waitv")));

        Assert.Equal(Allowed, BpfMachine.Run(program, 0, X64, []));
        Assert.Equal(Refused, BpfMachine.Run(program, 448, X64, []));
        Assert.Equal(Allowed, BpfMachine.Run(program, 449, X64, []));
        Assert.Equal(NoSuchCall, BpfMachine.Run(program, 450, X64, []));
        Assert.Equal(NoSuchCall, BpfMachine.Run(program, 100_000, X64, []));
    }

    [Fact]
    public void A_call_that_a_tracer_skips_is_not_one_of_another_architecture()
    {
        var program = SeccompCompiler.Compile(Profile(Allow("read")));

        Assert.Equal(Refused, BpfMachine.Run(program, uint.MaxValue, X64, []));
        Assert.Equal(0u, BpfMachine.Run(program, X32Bit, X64, []));
        Assert.Equal(0u, BpfMachine.Run(program, 3, X86, []));
    }

    [Fact]
    public void Only_the_low_half_of_a_masked_argument_counts_where_the_mask_says_so()
    {
        var socket = new SeccompRule { Names = ["socket"], Action = "SCMP_ACT_ALLOW", Args = [new SeccompArgument { Index = 0, Op = "SCMP_CMP_MASKED_EQ", Value = uint.MaxValue, ValueTwo = 2 }] };
        var program = SeccompCompiler.Compile(Profile(socket));

        Assert.Equal(Allowed, BpfMachine.Run(program, 41, X64, [2]));
        Assert.Equal(Allowed, BpfMachine.Run(program, 41, X64, [2 | 1UL << 32]));
        Assert.Equal(Refused, BpfMachine.Run(program, 41, X64, [40]));
    }

    [Theory]
    [InlineData("SCMP_ARCH_Z80", "SCMP_ACT_ALLOW", "SCMP_CMP_EQ", 0, "string SCMP_ARCH_Z80 is not a valid arch for seccomp")]
    [InlineData("SCMP_ARCH_X86", "SCMP_ACT_SING", "SCMP_CMP_EQ", 0, "string SCMP_ACT_SING is not a valid action for seccomp")]
    [InlineData("SCMP_ARCH_X86", "SCMP_ACT_ALLOW", "SCMP_CMP_LIKE", 0, "string SCMP_CMP_LIKE is not a valid operator for seccomp")]
    [InlineData("SCMP_ARCH_X86", "SCMP_ACT_ALLOW", "SCMP_CMP_EQ", 6, "invalid seccomp argument index: 6 (valid range is 0-5)")]
    public void Unknown_words_are_refused_by_name(string architecture, string action, string comparison, int index, string message)
    {
        var rule = new SeccompRule { Names = ["read"], Action = action, Args = [new SeccompArgument { Index = (uint)index, Op = comparison }] };

        Assert.Equal(message, Assert.Throws<NaruException>(() => SeccompCompiler.Compile(Profile(rule) with { Architectures = [architecture] })).Message);
    }

    [Fact]
    public void A_filter_that_the_kernel_would_not_take_is_refused_with_its_size()
    {
        var rule = Allow(Names) with { Args = [.. Enumerable.Range(0, 6).Select(index => Compare((uint)index, "SCMP_CMP_GE", 7))] };

        Assert.Matches("^the seccomp profile makes a filter of [0-9]+ instructions, and the kernel takes 4096$", Assert.Throws<NaruException>(() => SeccompCompiler.Compile(Profile(rule))).Message);
    }

    [Fact]
    public void Architectures_of_other_machines_need_no_code()
    {
        var profile = Profile(Allow("read"));

        Assert.Equal(SeccompCompiler.Compile(profile), SeccompCompiler.Compile(profile with { Architectures = ["SCMP_ARCH_AARCH64", "SCMP_ARCH_X86_64", "SCMP_ARCH_RISCV64"] }));
    }

    private static void Compare(OciSeccomp profile)
    {
        var (ours, theirs) = (SeccompCompiler.Compile(profile), SecondOpinion.Compile(profile));
        var refuses = SeccompNames.Refuses(SeccompNames.ActionOf(profile.DefaultAction, profile.DefaultErrnoRet));
        var values = (profile.Syscalls ?? []).SelectMany(rule => rule.Args ?? []).SelectMany(argument => new[] { argument.Value, argument.ValueTwo ?? 0 })
            .SelectMany(value => new[] { value, value - 1, value + 1, value | 1UL << 32, value & uint.MaxValue }).Concat([0UL, ulong.MaxValue]).Distinct().Take(60).ToArray();
        var compared = Compared(profile);
        var random = new Random(1);
        var arguments = new ulong[6];
        foreach (var (architecture, bit, column) in ((uint, uint, int)[])[(X64, 0, 0), (X64, X32Bit, 1), (X86, 0, 2), (0xC00000B7, 0, 0)])
        {
            var listed = (architecture == X64 && bit == 0) || profile.Architectures?.Contains(architecture == X86 ? "SCMP_ARCH_X86" : bit != 0 ? "SCMP_ARCH_X32" : "") == true;
            var last = listed ? LastNamed(profile, column) : null;
            var newer = Newer.Value[column];
            for (uint number = 0; number < 560; number++)
            {
                if (listed && newer.Contains(number))
                    continue;
                for (var round = compared.Contains((column, number)) ? 12 : 1; round > 0; round--)
                {
                    for (var index = 0; index < 6; index++)
                        arguments[index] = values[random.Next(values.Length)];
                    if (architecture == X86)
                        Array.ForEach(Enumerable.Range(0, 6).ToArray(), index => arguments[index] &= uint.MaxValue);
                    var expected = refuses && number > last ? NoSuchCall : BpfMachine.Run(theirs, number | bit, architecture, arguments);
                    var actual = BpfMachine.Run(ours, number | bit, architecture, arguments);
                    if (expected != actual)
                        Assert.Fail($"call {number} of {architecture:x} {bit:x}, arguments {string.Join(' ', arguments.Select(value => value.ToString("x")))}: {expected:x} by libseccomp, {actual:x} by ours; {RulesFor(profile, number, column)}");
                }
            }
        }
    }

    /// <summary>
    /// A profile with rules of all kinds: one rule a call with up to three arguments, or several that say what one argument is equal to. (Of others, libseccomp 2.5
    /// merges several about one call to a tree that also answers to what none of them says; see <see cref="Each_of_several_rules_holds_alone"/>.)
    /// </summary>
    private static OciSeccomp Invent(Random random, string[] known)
    {
        string[] architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_X86"];
        string[] operators = ["SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"];
        var refuses = random.Next(2) == 0;
        // Numbers that no argument of 32 bits can be are for the one architecture that has more.
        var wide = random.Next(2) == 0;
        var rules = new List<SeccompRule>();
        // What x86 also reaches by other calls is for a test of its own.
        var left = known.Where(name => !Multiplexed.Contains(name)).OrderBy(_ => random.Next()).ToList();
        while (rules.Count < 12 && left.Count > 0)
        {
            var compared = random.Next(3) > 0;
            var names = left.Take(random.Next(1, compared ? 4 : 60)).ToList();
            left.RemoveRange(0, names.Count);
            var (alternatives, width) = !compared ? (1, 0) : random.Next(2) == 0 ? (1, random.Next(1, 4)) : (random.Next(2, 5), 1);
            var indices = Enumerable.Range(0, 6).OrderBy(_ => random.Next()).Take(width).ToArray();
            for (var alternative = 0; alternative < alternatives; alternative++)
            {
                rules.Add(new SeccompRule
                {
                    Names = names,
                    Action = refuses ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO",
                    ErrnoRet = refuses ? null : 13,
                    Args = compared ? [.. indices.Select(index => Argument(random, index, alternatives > 1 ? ["SCMP_CMP_EQ"] : operators, wide))] : null,
                });
            }
        }

        return new OciSeccomp
        {
            DefaultAction = refuses ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW",
            Architectures = [.. architectures.Where(_ => !wide && random.Next(3) > 0)],
            Syscalls = rules,
        };
    }

    private static readonly string[] Multiplexed =
    [
        "socketcall", "ipc", "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt",
        "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg", "semop", "semget", "semctl", "semtimedop", "msgsnd", "msgrcv", "msgget", "msgctl", "shmat", "shmdt", "shmget", "shmctl",
    ];

    private static SeccompArgument Argument(Random random, int index, string[] operators, bool wide)
    {
        ulong Number() => random.Next(3) > 0 ? (ulong)random.Next(4) : wide ? (ulong)random.NextInt64() : (uint)random.NextInt64();
        return new SeccompArgument { Index = (uint)index, Op = operators[random.Next(operators.Length)], Value = Number(), ValueTwo = Number() };
    }

    private static uint? LastNamed(OciSeccomp profile, int column)
    {
        var numbers = Words().Chunk(4).Where(call => call[1 + column] != "-").ToDictionary(call => call[0], call => uint.Parse(call[1 + column]));
        return profile.Syscalls!.SelectMany(rule => rule.Names).Where(numbers.ContainsKey).Select(name => (uint?)numbers[name]).Max();
    }

    /// <summary>Columns and numbers of the calls whose arguments are looked at.</summary>
    private static HashSet<(int, uint)> Compared(OciSeccomp profile)
    {
        var names = profile.Syscalls!.Where(rule => rule.Args is { Count: > 0 }).SelectMany(rule => rule.Names).ToHashSet();
        return Words().Chunk(4).Where(call => names.Contains(call[0])).SelectMany(call => call.Skip(1).Select((number, column) => (column, number)))
            .Where(entry => entry.number != "-").Select(entry => (entry.column, uint.Parse(entry.number))).ToHashSet();
    }

    private static string RulesFor(OciSeccomp profile, uint number, int column)
    {
        var names = Words().Chunk(4).Where(call => call[1 + column] == number.ToString()).Select(call => call[0]).ToArray();
        return string.Join("; ", profile.Syscalls!.Where(rule => rule.Names.Intersect(names).Any()).Select(rule =>
            $"{rule.Action} {string.Join(" and ", (rule.Args ?? []).Select(argument => $"{argument.Index} {argument.Op} {argument.Value:x} {argument.ValueTwo:x}"))}"));
    }

    /// <summary>Four words a call: its name, and its numbers, or dashes.</summary>
    private static string[] Words()
    {
        var words = new List<string>();
        for (var index = 0; index < SystemCallTable.Ends.Length; index++)
        {
            words.Add(System.Text.Encoding.ASCII.GetString(SystemCallTable.Names[(index == 0 ? 0 : SystemCallTable.Ends[index - 1])..SystemCallTable.Ends[index]]));
            words.AddRange(SystemCallTable.Numbers.Slice(index * 3, 3).ToArray().Select(number => number < 0 ? "-" : number.ToString()));
        }

        return [.. words];
    }

    private static SeccompArgument Compare(uint index, string comparison, ulong value, ulong masked = 0) => new() { Index = index, Op = comparison, Value = value, ValueTwo = masked };

    private static SeccompRule Allow(params string[] names) => new() { Names = names, Action = "SCMP_ACT_ALLOW" };

    private static OciSeccomp Profile(params SeccompRule[] rules) => new() { DefaultAction = "SCMP_ACT_ERRNO", Architectures = ["SCMP_ARCH_X86_64"], Syscalls = rules };
}
