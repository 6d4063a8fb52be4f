using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;

namespace Naru.Tests.Runtime.Cgroups;

public sealed class ResourceUpdateTests
{
    private static readonly Resources Before = new()
    {
        Memory = new MemoryResources { Limit = 100, Swap = 200 },
        Cpu = new CpuResources { Quota = 10, Period = 20, Cpus = "0" },
        Pids = new PidsResources { Limit = 5 },
        HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 7 }],
    };

    [Fact]
    public void What_depends_on_the_change_is_written_with_it_and_nothing_else()
    {
        var update = ResourceUpdate.Of(Before, new Resources { Memory = new MemoryResources { Limit = 150 }, Cpu = new CpuResources() });
        Assert.Equal((150, 200), (update.Written.Memory!.Limit, update.Written.Memory.Swap));
        Assert.Null(update.Written.Cpu);
        Assert.Null(update.Written.Pids);
        Assert.Equal(100, update.Former.Memory!.Limit);
        Assert.Equal((150L, 10L, 5L), (update.Result.Memory!.Limit, update.Result.Cpu!.Quota, update.Result.Pids!.Limit));
    }

    [Fact]
    public void No_limit_of_memory_is_none_of_swap_unless_that_is_named()
    {
        Assert.Equal(-1, ResourceUpdate.Of(Before, new Resources { Memory = new MemoryResources { Limit = -1 } }).Written.Memory!.Swap);
        Assert.Equal(300, ResourceUpdate.Of(Before, new Resources { Memory = new MemoryResources { Limit = -1, Swap = 300 } }).Written.Memory!.Swap);
    }

    [Fact]
    public void Sets_of_CPUs_are_written_when_they_change_and_kept()
    {
        var update = ResourceUpdate.Of(Before, new Resources { Cpu = new CpuResources { Quota = 11 } });
        Assert.Equal((11L, 20UL, null, "0"), (update.Written.Cpu!.Quota!.Value, update.Written.Cpu.Period!.Value, update.Written.Cpu.Cpus, update.Result.Cpu!.Cpus));
    }

    [Fact]
    public void Shares_end_the_idleness_unless_both_are_said()
    {
        var idle = new Resources { Cpu = new CpuResources { Idle = 1, Shares = 100 } };
        var given = ResourceUpdate.Of(idle, new Resources { Cpu = new CpuResources { Shares = 200 } }).Written.Cpu!;
        Assert.Equal((0, 200ul), (given.Idle, given.Shares));
        Assert.Equal(1, ResourceUpdate.Of(idle, new Resources { Cpu = new CpuResources { Shares = 200, Idle = 1 } }).Written.Cpu!.Idle);
        Assert.Equal(1, ResourceUpdate.Of(idle, new Resources { Cpu = new CpuResources { Quota = 1 } }).Written.Cpu!.Idle);
    }

    [Fact]
    public void Without_a_limit_before_none_is_set_back()
    {
        var update = ResourceUpdate.Of(null, new Resources { Memory = new MemoryResources { Limit = 1 }, Cpu = new CpuResources { Quota = 1 } });
        Assert.Equal((-1L, -1L), (update.Former.Memory!.Limit!.Value, update.Former.Cpu!.Quota!.Value));
    }

    [Fact]
    public void What_is_kept_reads_as_it_was()
    {
        var resources = new Resources
        {
            Memory = new MemoryResources { Limit = 1, Reservation = 2, Swap = 3, Swappiness = 4, DisableOomKiller = true, CheckBeforeUpdate = false },
            Cpu = new CpuResources { Shares = 1, Quota = -1, Burst = 3, Period = 4, RealtimeRuntime = 5, RealtimePeriod = 6, Cpus = "0-1", Mems = "0", Idle = 1 },
            Pids = new PidsResources { Limit = -1 },
            BlockIo = new BlockIoResources { Weight = 10, LeafWeight = 20 },
        };
        var read = SpecReader.ParseResources(ResourcesJson.Write(resources));
        Assert.Equal((resources.Memory, resources.Cpu, resources.Pids, resources.BlockIo), (read.Memory, read.Cpu, read.Pids, read.BlockIo));
        var lists = new Resources
        {
            BlockIo = new BlockIoResources { WeightDevice = [new WeightDevice { Major = 8, Minor = 1, Weight = 5 }], ThrottleReadBpsDevice = [new ThrottleDevice { Major = 8, Rate = 9 }] },
            HugepageLimits = [new HugepageLimit { PageSize = "1GB", Limit = 2 }],
            Network = new NetworkResources { ClassId = 3, Priorities = [new InterfacePriority { Name = "lo", Priority = 1 }] },
            Rdma = new Dictionary<string, RdmaLimit> { ["m"] = new() { HcaHandles = 4 } },
        };
        read = SpecReader.ParseResources(ResourcesJson.Write(lists));
        Assert.Equal(lists.BlockIo.WeightDevice[0], Assert.Single(read.BlockIo!.WeightDevice!));
        Assert.Equal(lists.BlockIo.ThrottleReadBpsDevice[0], Assert.Single(read.BlockIo.ThrottleReadBpsDevice!));
        Assert.Equal(lists.HugepageLimits[0], Assert.Single(read.HugepageLimits!));
        Assert.Equal((3u, lists.Network.Priorities[0]), (read.Network!.ClassId, Assert.Single(read.Network.Priorities!)));
        Assert.Equal(lists.Rdma["m"], read.Rdma!["m"]);
    }
}
