using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>Adds HOME to an environment that lacks it, by the container's /etc/passwd.</summary>
internal static class UserEnvironment
{
    /// <summary>How much of /etc/passwd is read: an image may make it as large as it likes.</summary>
    private const int PasswdLimit = 1 << 20;

    public static List<string> Complete(IReadOnlyList<string> environment, uint uid)
    {
        foreach (var entry in environment)
        {
            if (!entry.Contains('='))
                throw NaruException.Invalid("invalid environment variable: missing '='");
            if (entry[0] == '=')
                throw NaruException.Invalid("invalid environment variable: name cannot be empty");
            if (entry.Contains('\0'))
                throw NaruException.Invalid($"invalid environment variable {entry[..entry.IndexOf('=')]}: contains nul byte (\\x00)");
        }

        var complete = new List<string>(environment);
        if (!complete.Exists(entry => entry.StartsWith("HOME=", StringComparison.Ordinal) && entry.Length > 5))
            complete.Add($"HOME={HomeOf(uid)}");
        return complete;
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
