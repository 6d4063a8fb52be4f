using System.Globalization;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Cgroups;

/// <summary>Writes and reads the files of a container's cgroup; what the kernel refuses is said with the file and the value.</summary>
internal static class CgroupFiles
{
    /// <summary>Writes a value to a controller's file.</summary>
    /// <exception cref="NaruException">FailedPrecondition: there is no such controller; InvalidArgument: the kernel does not take the value.</exception>
    /// <exception cref="LinuxException">Any other refusal.</exception>
    public static void Write(Cgroup cgroup, string controller, string file, string value) => TryWrite(cgroup, controller, file, value, errno: 0);

    /// <summary>As <see cref="Write"/>; false where the kernel says <paramref name="errno"/>.</summary>
    public static bool TryWrite(Cgroup cgroup, string controller, string file, string value, int errno)
    {
        var folder = cgroup.FolderOf(controller) ?? throw Missing(controller);
        try
        {
            Files.WriteText($"{folder}/{file}", value);
            return true;
        }
        catch (LinuxException failure) when (failure.Number == errno)
        {
            return false;
        }
        catch (LinuxException failure) when (failure.Number is Errno.EINVAL or Errno.ERANGE or Errno.ENOENT)
        {
            throw Refused(value, failure);
        }
    }

    public static bool Has(Cgroup cgroup, string controller, string file) => cgroup.FolderOf(controller) is { } folder && File.Exists($"{folder}/{file}");

    /// <summary>The one number of a file; null where there is no such file, or no number in it («max»).</summary>
    public static ulong? Number(Cgroup cgroup, string controller, string file) =>
        cgroup.FolderOf(controller) is { } folder && ulong.TryParse((Files.TryReadText($"{folder}/{file}") ?? "").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static NaruException Missing(string controller) =>
        NaruException.Precondition($"cannot set {controller} limit: container could not join or create cgroup");

    private static NaruException Refused(string value, LinuxException failure) => failure.Number == Errno.ENOENT
        ? new NaruException(ErrorKind.FailedPrecondition, failure.Message, failure)
        : new NaruException(ErrorKind.InvalidArgument, $"failed to write \"{value}\": {failure.Message}", failure);
}
