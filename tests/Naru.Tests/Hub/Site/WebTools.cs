using System.Diagnostics;
using Naru.Tests.House;

namespace Naru.Tests.Hub.Site;

/// <summary>node, npm and a browser, for what is written in TypeScript. <c>CHROMIUM</c> names a browser that is not at its usual place.</summary>
internal static class WebTools
{
    private static readonly object Installing = new();

    public static string Folder { get; } = Path.Combine(Repository.Root, "web", "hub");

    public static string? Chromium { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? Find("chromium");

    /// <summary>Why nothing can be built; null when it can.</summary>
    public static string? NoNode => Find("node") is null || Find("npm") is null ? "not installed: nodejs, npm" : null;

    /// <summary>Runs a program of <c>node_modules</c>, which are installed first, as the lock file says.</summary>
    public static async Task<Result> Run(string program, string[] arguments, params string[] environment)
    {
        lock (Installing)
        {
            var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
            if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            {
                var done = Start("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], []).GetAwaiter().GetResult();
                if (done.Exit != 0)
                    throw new InvalidOperationException($"npm ci: {done.Output}");
            }
        }

        return await Start(program, arguments, environment);
    }

    /// <summary>What failed and why in one line, for whoever has no more than that; the report whole below it.</summary>
    /// <param name="report">Of node's test runner, in TAP.</param>
    public static string Failures(string report)
    {
        var lines = report.Split('\n').Select(line => line.Trim()).ToArray();
        var failures = lines.Where((line, at) => line.StartsWith("not ok ", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal) || (at > 0 && lines[at - 1] == "error: |-"));
        return string.Join("; ", failures) + "\n" + report;
    }

    private static async Task<Result> Start(string program, string[] arguments, string[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var pair in environment)
            start.Environment[pair[..pair.IndexOf('=')]] = pair[(pair.IndexOf('=') + 1)..];
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new Result(process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }
    }

    private static string? Find(string program)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            if (File.Exists(Path.Combine(folder, program)))
                return Path.Combine(folder, program);
        }

        return null;
    }

    public sealed record Result(int Exit, string Output);
}
