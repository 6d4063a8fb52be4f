using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Resctrl;

/// <summary>The resctrl file system, where the kernel has it: shares of a processor's cache (CAT) and memory bandwidth (MBA), and what is used of them.</summary>
/// <remarks>Kernel documentation: filesystems/resctrl.</remarks>
internal sealed class ResctrlMount
{
    private static ResctrlMount? _found;

    /// <param name="path">Where it is mounted.</param>
    public ResctrlMount(string path) => Path = path;

    public string Path { get; }

    public bool HasCache => Directory.Exists($"{Path}/info/L3") || Directory.Exists($"{Path}/info/L3CODE");

    public bool HasBandwidth => Directory.Exists($"{Path}/info/MB");

    public bool HasMonitoring => Directory.Exists($"{Path}/info/L3_MON");

    /// <summary>The machine's, looked for once; null where none is mounted.</summary>
    public static ResctrlMount? Find() => _found ??= Search();

    /// <summary>Refuses what the machine cannot do, before anything is made.</summary>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static ResctrlMount Require(ResctrlMount? mount, IntelRdt wanted)
    {
        if (wanted.ClosId is "." or ".." || wanted.ClosId?.Contains('/') == true)
            throw NaruException.Invalid($"invalid intelRdt.ClosID \"{wanted.ClosId}\"");
        if (mount is null)
            throw NaruException.Invalid("intelRdt is specified in config, but Intel RDT is not enabled");
        if (wanted.L3CacheSchema is { Length: > 0 } && !mount.HasCache)
            throw NaruException.Invalid("intelRdt.l3CacheSchema is specified in config, but Intel RDT/CAT is not enabled");
        if (wanted.MemBwSchema is { Length: > 0 } && !mount.HasBandwidth)
            throw NaruException.Invalid("intelRdt.memBwSchema is specified in config, but Intel RDT/MBA is not enabled");
        if (ResctrlGroup.IsMonitored(wanted) && !mount.HasMonitoring)
            throw NaruException.Invalid("intelRdt monitoring is specified in config, but the machine counts neither cache nor memory bandwidth");
        return mount;
    }

    private static ResctrlMount? Search()
    {
        using var handle = Files.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        ReadOnlySpan<byte> text = Files.ReadAll(handle);
        foreach (var range in text.Split((byte)'\n'))
        {
            // 36 35 98:0 /root /mount options - type source superoptions
            var line = text[range];
            if (line.IndexOf(" - resctrl "u8) >= 0)
                return new ResctrlMount(Encoding.UTF8.GetString(line).Split(' ')[4]);
        }

        return null;
    }
}
