using System.Diagnostics;
using System.Globalization;
using Naru.Api;
using Naru.Base;

namespace Naru.Engine.Containers;

/// <summary><c>docker top</c>: the host's ps, narrowed to a container's processes.</summary>
public static class ProcessList
{
    public static async Task<TopResponse> Read(IReadOnlyList<int> pids, string arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("ps") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.ArgumentList.Add(word);
        using var process = Process.Start(start) ?? throw new NaruException(ErrorKind.Internal, "error running ps");
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        var error = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new NaruException(ErrorKind.Internal, error.Split('\n')[0] is { Length: > 0 } line ? line : $"error running ps: exit status {process.ExitCode}");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var titles = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var column = Array.IndexOf(titles, "PID");
        if (column < 0)
            throw new NaruException(ErrorKind.Internal, "Couldn't find PID field in ps output");
        List<IReadOnlyList<string>> rows = [];
        foreach (var line in lines.Skip(1))
        {
            var words = line.Split(' ', titles.Length, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > column && int.TryParse(words[column], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pids.Contains(pid))
                rows.Add(words);
        }

        return new TopResponse { Titles = titles, Processes = rows };
    }
}
