using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
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
            "cpu-period=", "cpuset-cpus=", "cpuset-mems=", "pids-limit=",
            "blkio-weight=", "cpu-burst=", "cpu-rt-period=", "cpu-rt-runtime=", "cpu-idle=", "kernel-memory=", "kernel-memory-tcp=");
        if (arguments.IsSet("kernel-memory") || arguments.IsSet("kernel-memory-tcp"))
            invocation.Log.Warn("Kernel memory settings are ignored and will be removed");
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
            Limit = Size(arguments, "memory"),
            Reservation = Size(arguments, "memory-reservation"),
            Swap = Size(arguments, "memory-swap"),
            CheckBeforeUpdate = true,
        },
        Cpu = new CpuResources
        {
            Shares = (ulong?)Number(arguments, "cpu-share"),
            Quota = Number(arguments, "cpu-quota"),
            Period = (ulong?)Number(arguments, "cpu-period"),
            Burst = (ulong?)Number(arguments, "cpu-burst"),
            RealtimePeriod = (ulong?)Number(arguments, "cpu-rt-period"),
            RealtimeRuntime = Number(arguments, "cpu-rt-runtime"),
            Idle = Number(arguments, "cpu-idle"),
            Cpus = arguments.Value("cpuset-cpus"),
            Mems = arguments.Value("cpuset-mems"),
        },
        BlockIo = Number(arguments, "blkio-weight") is { } weight ? new BlockIoResources { Weight = (ushort)weight } : null,
        Pids = Number(arguments, "pids-limit") is { } pids ? new PidsResources { Limit = pids } : null,
    };

    /// <summary>Bytes, or with a unit; -1 is no limit.</summary>
    private static long? Size(Arguments arguments, string name)
    {
        if (arguments.Value(name) is not { } text)
            return null;
        try
        {
            return text == "-1" ? -1 : ByteSize.ParseRam(text);
        }
        catch (FlagException failure)
        {
            throw NaruException.Invalid($"invalid value for {name}: {failure.Message}");
        }
    }

    private static long? Number(Arguments arguments, string name) => arguments.Value(name) is not { } text ? null
        : long.TryParse(text, out var number) ? number : throw NaruException.Invalid($"invalid value for {name}: {text}");
}
