using System.Diagnostics;
using Naru.Linux;
using Naru.Linux.Descriptors;
using Naru.Linux.Polling;
using Naru.Runtime.State;

namespace Naru.Runtime.Stats;

/// <summary>What <c>events</c> prints of a container until it ends. Nothing is asked again and again: the kernel says when memory has run out and when the first process has ended.</summary>
internal sealed class EventStream(ContainerState state, Action<string> write)
{
    private readonly Cgroup _cgroup = new(state.Cgroups);
    private ulong _kills;

    public void Run(TimeSpan interval)
    {
        using var process = Notifications.OfEnd(state.Pid);
        // The pid is this process's for as long as the descriptor is open; before that it may have become another's.
        if (process is null || Processes.TryInspect(state.Pid)?.StartTime != state.StartTime)
            return;
        _kills = CgroupStats.OutOfMemoryKills(_cgroup);
        var memory = OpenMemory();
        try
        {
            Watch(process, memory, interval);
        }
        finally
        {
            memory.ForEach(descriptor => descriptor.Dispose());
        }
    }

    private void Watch(Descriptor process, List<Descriptor> memory, TimeSpan interval)
    {
        var clock = Stopwatch.StartNew();
        var next = interval;
        Descriptor[] watched = memory.Count == 0 ? [process] : [process, memory[0]];
        while (true)
        {
            var ready = Waiting.ForAny(watched, next > clock.Elapsed ? next - clock.Elapsed : TimeSpan.Zero);
            if (ready.Length > 1 && ready[1])
                TellOutOfMemory(memory[0]);
            if (ready[0])
                return;
            if (clock.Elapsed < next)
                continue;
            write(CgroupStats.Describe(state.Id, _cgroup));
            next += interval;
        }
    }

    private void TellOutOfMemory(Descriptor memory)
    {
        Span<byte> drained = stackalloc byte[4096];
        memory.Read(drained);
        var kills = CgroupStats.OutOfMemoryKills(_cgroup);
        // v1 says so without a kill as well, where the kernel is told not to kill; and once more when the cgroup is removed.
        var told = _cgroup.IsUnified ? kills > _kills : Directory.Exists(_cgroup.FolderOf("memory"));
        _kills = kills;
        if (told)
            write(StatsJson.WriteOutOfMemory(state.Id));
    }

    /// <summary>What tells that memory has run out, first; the others only have to stay open. Empty without a memory controller.</summary>
    private List<Descriptor> OpenMemory()
    {
        if (_cgroup.FolderOf("memory") is not { } folder || !File.Exists($"{folder}/{(_cgroup.IsUnified ? "memory.events" : "memory.oom_control")}"))
            return [];
        if (_cgroup.IsUnified)
            return [Notifications.OfChanges($"{folder}/memory.events")];
        var (notified, control) = Notifications.OfMemoryPressure(folder);
        return [notified, control];
    }
}
