using System.Text;
using Naru.Base;
using Naru.Engine;
using Naru.Linux;
using Naru.Linux.Descriptors;
using Naru.Linux.Spawning;

namespace Naru.Build.Execution;

/// <summary>The OCI runtime as a program: runc's command line, of which <c>run</c>, <c>kill</c> and <c>delete</c> are used.</summary>
internal sealed class RuntimeProgram(EngineOptions options, EnginePaths paths)
{
    private const int KillSignal = 9;

    private readonly string program = Find(options);

    /// <summary>The runtime's own state.</summary>
    private string Root => Path.Combine(paths.BuildState, "runtime");

    /// <summary>Runs a container from beginning to end.</summary>
    /// <param name="output">Told what it writes, from two threads: 1 or 2, and the bytes.</param>
    /// <returns>The exit code of its process.</returns>
    /// <exception cref="NaruException">Internal: it could not be started, in the runtime's words.</exception>
    /// <exception cref="OperationCanceledException">It was killed, and is gone.</exception>
    public async Task<int> Run(string id, string bundle, Action<int, byte[]> output, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var log = Path.Combine(bundle, "log.json");
        var (outRead, outWrite) = Descriptor.Pipe();
        var (errRead, errWrite) = Descriptor.Pipe();
        int pid;
        using (outWrite)
        using (errWrite)
        using (var nothing = Descriptor.OpenNull())
            pid = Spawner.Start(program, ["--root", Root, "--log", log, "--log-format", "json", "run", "--bundle", bundle, id], ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], [nothing, outWrite, errWrite], newSession: true);
        var reading = Task.WhenAll(Read(outRead, 1, output), Read(errRead, 2, output));
        var waiting = OnThread(() => Children.Wait(pid).Status);
        await using (cancel.Register(() => Kill(id, pid)))
        {
            var status = await waiting;
            // What the program left running goes with its namespace; a pipe that it handed on elsewhere is not waited for.
            await reading;
            if (cancel.IsCancellationRequested)
                Delete(id);
            cancel.ThrowIfCancellationRequested();
            return status;
        }
    }

    /// <summary>Takes away what is left of a container, running or not.</summary>
    public void Delete(string id) => Call("delete", "--force", id);

    /// <summary>The containers that a killed engine left.</summary>
    public IReadOnlyList<string> Left() =>
        Directory.Exists(Root) ? [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(name => !name.StartsWith('.'))] : [];

    /// <summary>Before the container is there its runtime is killed, and after that the container: one of both ends it.</summary>
    private void Kill(string id, int pid)
    {
        try
        {
            if (Call("kill", id, KillSignal.ToString(System.Globalization.CultureInfo.InvariantCulture)) != 0)
                Children.Kill(pid, KillSignal);
        }
        catch (LinuxException e)
        {
            Log.Warn($"build container {id}: {e.Message}");
        }
    }

    private int Call(params string[] words)
    {
        using var nothing = Descriptor.OpenNull();
        var pid = Spawner.Start(program, ["--root", Root, .. words], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], [nothing, nothing, nothing], newSession: true);
        return Children.Wait(pid).Status;
    }

    private static Task Read(Descriptor pipe, int stream, Action<int, byte[]> output) => OnThread(() =>
    {
        using (pipe)
        {
            var buffer = new byte[32 * 1024];
            int count;
            while ((count = pipe.Read(buffer)) > 0)
                output(stream, buffer[..count]);
        }

        return 0;
    });

    /// <summary>Blocking work of unknown length keeps no thread of the pool.</summary>
    private static Task<int> OnThread(Func<int> work)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            128 * 1024)
        { IsBackground = true, Name = "build" }.Start();
        return done.Task;
    }

    /// <summary>Ours, beside this program, unless the engine's default runtime is another binary.</summary>
    private static string Find(EngineOptions options)
    {
        var name = options.Runtimes.GetValueOrDefault(options.DefaultRuntime, options.DefaultRuntime);
        return name.StartsWith('/') ? name : Path.Combine(Path.GetDirectoryName(Environment.ProcessPath) ?? "", "naru-runc");
    }
}
