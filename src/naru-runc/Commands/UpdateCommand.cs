using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>update: new limits for a container that runs, from flags or a document.</summary>
internal static class UpdateCommand
{
    public static CommandDefinition Definition { get; } = new("update", "update container resource constraints", Update)
    {
        Flags =
        [
            new("resources", FlagKind.Text, """
                path to the file containing the resources to update or '-' to read from the standard input

                The file is JSON, as the resources of config.json. These members are read; what
                is left out stays as it is:

                {
                  "memory": {"limit": 0, "reservation": 0, "swap": 0, "checkBeforeUpdate": true},
                  "cpu": {"shares": 0, "quota": 0, "burst": 0, "period": 0, "realtimeRuntime": 0,
                          "realtimePeriod": 0, "cpus": "", "mems": "", "idle": 0},
                  "blockIO": {"weight": 0},
                  "pids": {"limit": 0}
                }

                With a file the other options are not looked at.
                """) { Alias = "r" },
            new("blkio-weight", FlagKind.Number, "Specifies per cgroup weight, range is from 10 to 1000") { Default = "0" },
            new("cpu-period", FlagKind.Text, "CPU CFS period to be used for hardcapping (in usecs). 0 to use system default"),
            new("cpu-quota", FlagKind.Text, "CPU CFS hardcap limit (in usecs). Allowed cpu time in a given period"),
            new("cpu-burst", FlagKind.Text, "CPU CFS hardcap burst limit (in usecs). Allowed accumulated cpu time additionally for burst a given period"),
            new("cpu-share", FlagKind.Text, "CPU shares (relative weight vs. other containers)"),
            new("cpu-rt-period", FlagKind.Text, "CPU realtime period to be used for hardcapping (in usecs). 0 to use system default"),
            new("cpu-rt-runtime", FlagKind.Text, "CPU realtime hardcap limit (in usecs). Allowed cpu time in a given period"),
            new("cpuset-cpus", FlagKind.Text, "CPU(s) to use"),
            new("cpuset-mems", FlagKind.Text, "Memory node(s) to use"),
            new("kernel-memory", FlagKind.Text, "not looked at") { Hidden = true },
            new("kernel-memory-tcp", FlagKind.Text, "not looked at") { Hidden = true },
            new("memory", FlagKind.Text, "Memory limit (in bytes)"),
            new("cpu-idle", FlagKind.Text, "set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE"),
            new("memory-reservation", FlagKind.Text, "Memory reservation or soft_limit (in bytes)"),
            new("memory-swap", FlagKind.Text, "Total memory usage (memory + swap); set '-1' to enable unlimited swap"),
            new("pids-limit", FlagKind.Number, "Maximum number of pids allowed in the container") { Default = "0" },
            new("l3-cache-schema", FlagKind.Text, "The string of Intel RDT/CAT L3 cache schema"),
            new("mem-bw-schema", FlagKind.Text, "The string of Intel RDT/MBA memory bandwidth schema"),
        ],
    };

    private static int Update(Invocation invocation)
    {
        var (arguments, id) = (invocation.Arguments, invocation.Arguments.Rest[0]);
        // A container that is not there, or not any more, is the first thing to be wrong.
        if (invocation.Runtime.State(id).Status == "stopped")
            throw NaruException.Precondition("container not running");
        var resources = arguments.Text("resources") is { } file ? Read(file) : FromFlags(arguments, invocation.Log);
        var (cache, bandwidth) = (arguments.Text("l3-cache-schema"), arguments.Text("mem-bw-schema"));
        if (cache is not null || bandwidth is not null)
            invocation.Runtime.UpdateClass(id, cache, bandwidth);
        invocation.Runtime.Update(id, resources);
        return 0;
    }

    private static Resources Read(string file)
    {
        using var handle = Files.TryOpen(file == "-" ? "/proc/self/fd/0" : file, OpenFlags.ReadOnly) ?? throw NaruException.NotFound($"open {file}: no such file or directory");
        return ContainerRuntime.ParseResources(Files.ReadAll(handle));
    }

    private static Resources FromFlags(Arguments arguments, RuncLog log)
    {
        if (arguments.IsSet("kernel-memory") || arguments.IsSet("kernel-memory-tcp"))
            log.Warn("Kernel memory settings are ignored and will be removed");
        return new Resources
        {
            BlockIo = arguments.Number("blkio-weight") is { } weight and not 0 ? new BlockIoResources { Weight = (ushort)weight } : null,
            Cpu = new CpuResources
            {
                Cpus = arguments.Text("cpuset-cpus"),
                Mems = arguments.Text("cpuset-mems"),
                Period = Unsigned(arguments, "cpu-period"),
                RealtimePeriod = Unsigned(arguments, "cpu-rt-period"),
                Shares = Unsigned(arguments, "cpu-share"),
                Burst = Unsigned(arguments, "cpu-burst"),
                Quota = Signed(arguments, "cpu-quota"),
                RealtimeRuntime = Signed(arguments, "cpu-rt-runtime"),
                Idle = Signed(arguments, "cpu-idle"),
            },
            Memory = new MemoryResources
            {
                Limit = Size(arguments, "memory"),
                Swap = Size(arguments, "memory-swap"),
                Reservation = Size(arguments, "memory-reservation"),
            },
            Pids = arguments.Number("pids-limit") is { } pids and not 0 ? new PidsResources { Limit = pids } : null,
        };
    }

    private static ulong? Unsigned(Arguments arguments, string name) =>
        arguments.Text(name) is { } text ? Read(name, text, static text => FlagValues.Unsigned(text, 64)) : null;

    private static long? Signed(Arguments arguments, string name) =>
        arguments.Text(name) is { } text ? Read(name, text, FlagValues.Int) : null;

    /// <summary>Bytes, or with a unit; -1 is no limit.</summary>
    private static long? Size(Arguments arguments, string name) =>
        arguments.Text(name) is { } text ? Read(name, text, static text => text == "-1" ? -1 : ByteSize.ParseRam(text)) : null;

    private static T Read<T>(string name, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (FlagException failure)
        {
            throw NaruException.Invalid($"invalid value for {name}: {failure.Message}");
        }
    }
}
