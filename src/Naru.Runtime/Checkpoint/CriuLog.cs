using System.Globalization;
using System.Text;
using Naru.Linux;

namespace Naru.Runtime.Checkpoint;

/// <summary>CRIU's log: what it says of a failure is there.</summary>
internal static class CriuLog
{
    public const string OfDump = "dump.log", OfRestore = "restore.log";

    /// <summary>Warns of each line with «Error», numbered, with five lines before it: as runc, and much as «grep -n -B5 Error».</summary>
    public static void Quote(string path, Action<string> warn)
    {
        const int before = 5;
        using var file = Files.TryOpen(path, OpenFlags.ReadOnly);
        if (file is null)
        {
            warn($"open {path}: no such file or directory");
            return;
        }

        var lines = Encoding.UTF8.GetString(Files.ReadAll(file)).Split('\n');
        var quoted = 0;
        for (var number = 1; number <= lines.Length; number++)
        {
            if (!lines[number - 1].Contains("Error", StringComparison.Ordinal))
                continue;
            if (quoted == 0)
                warn($"--- Quoting \"{path}\"");
            else if (number - before - 1 > quoted)
                warn("...");
            for (var line = Math.Max(quoted + 1, number - before); line <= number; line++)
            {
                if (lines[line - 1].Length > 0)
                    warn($"{line.ToString(CultureInfo.InvariantCulture)}:{lines[line - 1]}");
            }

            quoted = number;
        }

        if (quoted > 0)
            warn("---");
    }
}
