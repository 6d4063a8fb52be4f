using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Resctrl;

/// <summary>The class of service that a container's processes belong to, a folder of resctrl: the one that config.json names, or one of the container's own.</summary>
/// <param name="mount">Where resctrl is.</param>
/// <param name="wanted">What config.json asks for.</param>
/// <param name="id">The container's.</param>
internal sealed class ResctrlGroup(ResctrlMount mount, IntelRdt wanted, string id)
{
    /// <summary>The class.</summary>
    public string Folder { get; } = $"{mount.Path}/{(wanted.ClosId is { Length: > 0 } name ? name : id)}";

    /// <summary>Its group for counting, where one is asked for.</summary>
    public string? MonitoringFolder => IsMonitored(wanted) ? $"{Folder}/mon_groups/{id}" : null;

    /// <summary>Folders that go with the container, in the order in which they can: a class that config.json names is shared, and stays.</summary>
    public IReadOnlyList<string> Own => [.. MonitoringFolder is { } monitoring ? [monitoring] : Array.Empty<string>(), .. wanted.ClosId is { Length: > 0 } ? Array.Empty<string>() : [Folder]];

    public static bool IsMonitored(IntelRdt wanted) => wanted.EnableMonitoring || wanted.EnableCmt || wanted.EnableMbm;

    /// <summary>Makes the class, and takes the process into it.</summary>
    /// <exception cref="NaruException"/>
    public void Enter(int pid)
    {
        var schemata = Schemata(wanted);
        if (wanted.ClosId is { Length: > 0 } && schemata.Length == 0 && !Directory.Exists(Folder))
            throw NaruException.Precondition($"clos dir not accessible (must be pre-created when l3CacheSchema and memBwSchema are empty): stat {Folder}: no such file or directory");
        Files.MakeFolder(Folder, 0x1ED);
        Write(Folder, schemata);
        if (MonitoringFolder is { } monitoring)
            Files.MakeFolder(monitoring, 0x1ED);
        Join(Folder, Own, pid);
    }

    /// <summary>Takes one more process into a container's class.</summary>
    /// <param name="folder">The class.</param>
    /// <param name="own">What the container made there: its group for counting is among it, or is not.</param>
    public static void Join(string folder, IReadOnlyList<string> own, int pid)
    {
        foreach (var group in own.Where(group => group != folder).Prepend(folder))
            Files.WriteText($"{group}/tasks", pid.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Changes the shares of a class.</summary>
    public static void Write(string folder, string schemata)
    {
        if (schemata.Length == 0)
            return;
        try
        {
            Files.WriteText($"{folder}/schemata", schemata);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"unable to set intelRdt schemata \"{schemata.TrimEnd().Replace("\n", "; ")}\": {failure.Message}", failure);
        }
    }

    /// <summary>The lines of all that is asked for; where bandwidth has a member of its own, the cache's says nothing of it.</summary>
    public static string Schemata(IntelRdt wanted)
    {
        var text = new StringBuilder();
        foreach (var line in (wanted.L3CacheSchema ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.IsNullOrEmpty(wanted.MemBwSchema) || !line.StartsWith("MB:", StringComparison.Ordinal))
                text.Append(line).Append('\n');
        }

        if (wanted.MemBwSchema is { Length: > 0 } bandwidth)
            text.Append(bandwidth).Append('\n');
        foreach (var line in wanted.Schemata ?? [])
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>Takes away what <see cref="Own"/> named; what is gone already is fine.</summary>
    public static void Remove(IReadOnlyList<string> own)
    {
        foreach (var folder in own)
        {
            if (Files.TryRemoveFolder(folder) is not (0 or Errno.ENOENT) and var errno)
                throw new LinuxException(errno, "rmdir", folder);
        }
    }
}
