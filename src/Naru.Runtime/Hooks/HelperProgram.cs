using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Linux;

namespace Naru.Runtime.Hooks;

/// <summary>A program that the runtime runs to its end: a hook, newuidmap. By fork: usable in the container's first process too.</summary>
/// <remarks>Input and outputs are files in memory, not pipes: one that leaves a program in the background holds nobody up.</remarks>
internal sealed record HelperProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>On its standard input.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>Where it starts; null: where the caller is.</summary>
    public string? Folder { get; init; }

    /// <summary>Null: the caller's.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>In seconds; SIGALRM ends a program that takes longer.</summary>
    public uint? Timeout { get; init; }

    public HelperEnd Run()
    {
        using var stdin = Files.Memory("stdin");
        using var stdout = Files.Memory("stdout");
        using var stderr = Files.Memory("stderr");
        using var refusal = Files.Memory("refusal");
        Files.Write(stdin, Input);
        var pid = Processes.Fork();
        if (pid == 0)
            Execute(stdin, stdout, stderr, refusal);
        var end = Processes.WaitForEnd(pid);
        return new HelperEnd(end, Content(refusal) is { Length: > 0 } reason ? reason : null, Content(stdout), Content(stderr));
    }

    /// <summary>The child: never returns.</summary>
    private void Execute(SafeFileHandle stdin, SafeFileHandle stdout, SafeFileHandle stderr, SafeFileHandle refusal)
    {
        try
        {
            Processes.ResetSignals();
            // Opened anew: at its start, and for reading only.
            using (var input = Files.Open(Files.PathOf(stdin), OpenFlags.ReadOnly))
                Processes.Duplicate(input, 0);
            Processes.Duplicate(stdout, 1);
            Processes.Duplicate(stderr, 2);
            Processes.CloseOnExecFrom(3);
            // alarm(2) survives execve.
            if (Timeout is { } seconds)
                Processes.Alarm(seconds);
            if (Folder is not null)
                Processes.ChangeFolder(Folder);
            if (Environment is null)
                Processes.Execute(Path, Arguments);
            else
                Processes.Execute(Path, Arguments, Environment);
        }
        catch (LinuxException failure)
        {
            Files.Write(refusal, Encoding.UTF8.GetBytes($"fork/exec {Path}: {Errno.Text(failure.Number)}"));
        }

        Processes.Exit(127);
    }

    private static string Content(SafeFileHandle file) => Encoding.UTF8.GetString(Files.ReadFromStart(file));
}
