using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>update --resources FILE: new limits for a container that runs («-»: standard input).</summary>
internal static class UpdateCommand
{
    public static int Update(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "resources,r=", "memory=", "memory-reservation=", "memory-swap=", "cpu-share=", "cpu-quota=",
            "cpu-period=", "cpuset-cpus=", "cpuset-mems=", "pids-limit=");
        var id = arguments.OnlyId("update");
        invocation.Runtime.Update(id, arguments.Value("resources") is { } file ? Read(file) : FromFlags(arguments));
        return 0;
    }

    private static Resources Read(string file)
    {
        using var handle = Files.Open(file == "-" ? "/proc/self/fd/0" : file, OpenFlags.ReadOnly);
        return ContainerRuntime.ParseResources(Files.ReadAll(handle));
    }

    private static Resources FromFlags(Arguments arguments) => new()
    {
        Memory = new MemoryResources
        {
            Limit = Number(arguments, "memory"),
            Reservation = Number(arguments, "memory-reservation"),
            Swap = Number(arguments, "memory-swap"),
        },
        Cpu = new CpuResources
        {
            Shares = (ulong?)Number(arguments, "cpu-share"),
            Quota = Number(arguments, "cpu-quota"),
            Period = (ulong?)Number(arguments, "cpu-period"),
            Cpus = arguments.Value("cpuset-cpus"),
            Mems = arguments.Value("cpuset-mems"),
        },
        Pids = Number(arguments, "pids-limit") is { } pids ? new PidsResources { Limit = pids } : null,
    };

    private static long? Number(Arguments arguments, string name) => arguments.Value(name) is not { } text ? null
        : long.TryParse(text, out var number) ? number : throw NaruException.Invalid($"invalid value for {name}: {text}");
}
