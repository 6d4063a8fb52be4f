using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>Runs programs as a person does: arguments, stdin, an environment; no shell in between.</summary>
public static class Command
{
    /// <summary>No test waits longer than this for one program; NARU_PATIENCE says how many seconds, where the machine is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("NARU_PATIENCE"), out var seconds) ? seconds : 60);

    /// <summary>Runs to the end. The program is killed, and the test fails, when it takes longer than <see cref="Patience"/>.</summary>
    public static Result Run(string program, IEnumerable<string> arguments, string? stdin = null, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        using var process = Start(program, arguments, environment, folder);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(stdin);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading its input
        }
        if (!Task.WhenAll(process.WaitForExitAsync(), output, error).Wait(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)}: no end after {Patience.TotalSeconds} s");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts a program whose end the caller waits for.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    /// <summary>A program that must succeed; its stdout without the last newline.</summary>
    public static string Must(string program, params string[] arguments)
    {
        var result = Run(program, arguments);
        Assert.True(result.Code == 0, $"{program} {string.Join(' ', arguments)}: {result}");
        return result.Out.TrimEnd('\n');
    }

    /// <summary>Whether it holds within some seconds.</summary>
    public static bool Holds(Func<bool> holds, int seconds = 5)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(seconds); Thread.Sleep(20))
        {
            if (holds())
                return true;
        }

        return holds();
    }

    /// <summary>Waits until <paramref name="holds"/>; the test fails with <paramref name="what"/> when it never does.</summary>
    public static void Until(Func<bool> holds, string what, int seconds = 20)
    {
        for (var clock = Stopwatch.StartNew(); !holds(); Thread.Sleep(20))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), $"waited {seconds} s for: {what}");
        }
    }
}
