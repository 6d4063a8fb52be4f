using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>User namespaces that no program lives in: for their mappings alone.</summary>
public static class UserNamespaces
{
    /// <summary>A new one with these mappings, kept by its descriptor. The caller has one thread, and CAP_SETUID and CAP_SETGID over the ids outside.</summary>
    /// <param name="uids">Lines of «inside outside count», as /proc/PID/uid_map takes them.</param>
    /// <exception cref="LinuxException">EINVAL: mappings that overlap, or none. EPERM.</exception>
    public static SafeFileHandle Make(string uids, string gids)
    {
        var (read, write) = Processes.Pipe();
        using (read)
        using (write)
        {
            var pid = Processes.Fork(NamespaceKinds.User);
            if (pid == 0)
            {
                // It holds the namespace until the runtime does.
                write.Dispose();
                Span<byte> one = stackalloc byte[1];
                Files.Read(read, one);
                Processes.Exit(0);
            }

            try
            {
                Files.WriteText($"/proc/{pid}/uid_map", uids);
                Files.WriteText($"/proc/{pid}/gid_map", gids);
                return Files.Open($"/proc/{pid}/ns/user", OpenFlags.ReadOnly);
            }
            finally
            {
                write.Dispose();
                Processes.Wait(pid);
            }
        }
    }

    /// <summary>The mappings of the user namespace at a path, as the caller's own counts ids outside.</summary>
    /// <exception cref="LinuxException">EINVAL: no user namespace. EPERM.</exception>
    public static (IReadOnlyList<(uint Inside, uint Outside, uint Count)> Uids, IReadOnlyList<(uint Inside, uint Outside, uint Count)> Gids) MapsOf(string path)
    {
        using var handle = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        var (read, write) = Processes.Pipe();
        var (joined, tell) = Processes.Pipe();
        using (read)
        using (write)
        using (joined)
        using (tell)
        {
            var pid = Processes.Fork();
            if (pid == 0)
                Visit(handle, read, write, tell);
            tell.Dispose();
            try
            {
                // A map is read from outside: from inside, the numbers outside are the reader's own.
                if (Files.ReadAll(joined) is [var errno, ..] && errno != 0)
                    throw new LinuxException(errno, "setns", path);
                return (Parse($"/proc/{pid}/uid_map"), Parse($"/proc/{pid}/gid_map"));
            }
            finally
            {
                write.Dispose();
                Processes.Wait(pid);
            }
        }
    }

    /// <summary>The child: in the namespace until the other end of the pipe closes.</summary>
    private static void Visit(SafeFileHandle users, SafeFileHandle read, SafeFileHandle write, SafeFileHandle tell)
    {
        write.Dispose();
        byte errno = 0;
        try
        {
            LinuxNamespaces.Join(users, NamespaceKinds.User);
        }
        catch (LinuxException failure)
        {
            errno = (byte)failure.Number;
        }

        Files.Write(tell, [errno]);
        tell.Dispose();
        Span<byte> one = stackalloc byte[1];
        Files.Read(read, one);
        Processes.Exit(0);
    }

    private static List<(uint Inside, uint Outside, uint Count)> Parse(string file)
    {
        var found = new List<(uint, uint, uint)>();
        foreach (var line in (Files.TryReadText(file) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            found.Add((Number(words[0]), Number(words[1]), Number(words[2])));
        }

        return found;
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
