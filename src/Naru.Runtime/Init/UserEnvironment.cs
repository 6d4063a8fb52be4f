using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The environment of a process: each name once, with what was said of it last, and HOME by the container's /etc/passwd where it lacks.</summary>
internal static class UserEnvironment
{
    /// <summary>How much of /etc/passwd is read: an image may make it as large as it likes.</summary>
    private const int PasswdLimit = 1 << 20;

    /// <summary>In the order of its last words.</summary>
    public static List<string> Complete(IReadOnlyList<string> environment, uint uid)
    {
        var complete = new List<string>(environment.Count + 1);
        var names = new HashSet<string>(environment.Count);
        var home = false;
        for (var index = environment.Count - 1; index >= 0; index--)
        {
            var entry = environment[index];
            var name = NameOf(entry);
            if (!names.Add(name))
                continue;
            // An empty HOME is none.
            if (name == "HOME" && !(home = entry.Length > "HOME=".Length))
                continue;
            complete.Add(entry);
        }

        complete.Reverse();
        if (!home)
            complete.Add($"HOME={HomeOf(uid)}");
        return complete;
    }

    private static string NameOf(string entry)
    {
        var end = entry.IndexOf('=');
        if (end < 0)
            throw NaruException.Invalid("invalid environment variable: missing '='");
        if (end == 0)
            throw NaruException.Invalid("invalid environment variable: name cannot be empty");
        if (entry.Contains('\0'))
            throw NaruException.Invalid($"invalid environment variable \"{entry[..end]}\": contains nul byte (\\x00)");
        return entry[..end];
    }

    private static string HomeOf(uint uid)
    {
        var wanted = uid.ToString(CultureInfo.InvariantCulture);
        foreach (var line in ReadPasswd().Split('\n'))
        {
            var fields = line.Split(':');
            if (fields.Length >= 6 && fields[2] == wanted && fields[5].StartsWith('/'))
                return fields[5];
        }

        return "/";
    }

    private static string ReadPasswd()
    {
        try
        {
            // Non-blocking: a FIFO in its place must not hold the start for ever.
            using var handle = Files.TryOpen("/etc/passwd", OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            if (handle is null || Files.Status(handle) is not { Kind: FileKind.Regular } status)
                return "";
            var buffer = new byte[(int)Math.Min(status.Size, PasswdLimit)];
            var used = 0;
            for (int count; used < buffer.Length && (count = Files.Read(handle, buffer.AsSpan(used))) > 0; used += count)
            {
            }

            return Encoding.UTF8.GetString(buffer, 0, used);
        }
        catch (LinuxException)
        {
            return "";
        }
    }
}
