namespace Naru.Chain.Tests;

/// <summary>A short-named folder under /tmp (a unix socket's path has 107 bytes), gone with its mounts when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory($"/tmp/nct-{Guid.NewGuid():N}"[..16]).FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>What is mounted below this folder in this mount namespace.</summary>
    public string[] Mounts() =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(at => at.StartsWith(Path + "/", StringComparison.Ordinal))];

    /// <summary>The processes that name this folder on their command line, as "pid command line".</summary>
    public string[] Processes() => [.. Pids().Select(found => $"{found.Pid} {found.Line}")];

    /// <summary>Kills those processes and unmounts what is left.</summary>
    public void Sweep()
    {
        foreach (var (pid, _) in Pids())
        {
            Command.Run("/bin/kill", ["-9", pid.ToString()]);
        }
        foreach (var at in Mounts().OrderDescending(StringComparer.Ordinal))
        {
            Command.Run("umount", ["-l", at]);
        }
    }

    public void Dispose()
    {
        Sweep();
        Command.Run("rm", ["-rf", "--one-file-system", Path]);
    }

    private IEnumerable<(int Pid, string Line)> Pids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(System.IO.Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
            {
                continue;
            }
            string line;
            try
            {
                line = File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ');
            }
            catch (IOException)
            {
                continue; // it has ended
            }
            if (line.Contains(Path, StringComparison.Ordinal))
            {
                yield return (pid, line);
            }
        }
    }
}
