using Naru.Api;
using Naru.Base;
using Naru.Linux;

namespace Naru.Engine.Volumes;

/// <summary>Volumes that stand for a file system: <c>-o type=tmpfs -o device=tmpfs -o o=size=1m</c>, mounted on their folder while a container uses them.</summary>
internal static class VolumeMounts
{
    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static void Check(string name, SortedDictionary<string, string>? options)
    {
        if (options is not { Count: > 0 })
            return;
        foreach (var option in options.Keys)
        {
            if (option is not ("type" or "device" or "o" or "size"))
                throw NaruException.Invalid($"create {name}: invalid option: \"{option}\"");
        }

        if (options.ContainsKey("size"))
            throw NaruException.Invalid($"create {name}: quota size requested but no quota support");
        foreach (var needed in (string[])["device", "type"])
        {
            if (string.IsNullOrEmpty(options.GetValueOrDefault(needed)))
                throw NaruException.Invalid($"create {name}: missing required option: \"{needed}\"");
        }
    }

    /// <summary>Mounts the volume's file system; nothing for a plain one, or when it is mounted.</summary>
    public static void Mount(Volume volume)
    {
        if (volume.Options is not { Count: > 0 } options || IsMounted(volume.Mountpoint))
            return;
        try
        {
            FstabOptions.Parse((options.GetValueOrDefault("o") ?? "").Split(',')).Mount(options["type"], options["device"], volume.Mountpoint);
        }
        catch (LinuxException e)
        {
            throw new NaruException(ErrorKind.Internal, $"error while mounting volume '{volume.Mountpoint}': failed to mount local volume: {e.Message}", e);
        }
    }

    public static void Unmount(string folder)
    {
        if (IsMounted(folder))
            Mounts.Unmount(folder, detach: true);
    }

    private static bool IsMounted(string folder) => File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == folder);
}
