using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Naru.Base;
using Naru.Build;
using Naru.Daemon.Api;
using Naru.Daemon.BuildKit;
using Naru.Daemon.Configuration;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Linux;

namespace Naru.Daemon;

/// <summary>narud: the Docker Engine API over unix sockets, and over TCP with certificates.</summary>
internal static class Program
{
    private static readonly TimeSpan QuietBeforeTrim = TimeSpan.FromSeconds(2);

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            var settings = Settings.Parse(arguments);
            if (settings is null)
                return 0;
            Log.Level = settings.Level;
            await Run(settings);
            return 0;
        }
        catch (Exception e) when (e is NaruException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task Run(Settings settings)
    {
        using var engine = new EngineHost(settings.Engine);
        // Before anything is touched that another engine may be using.
        using var mine = FolderLock.TryTake(Path.Combine(settings.Engine.DataRoot, "lock"))
            ?? throw NaruException.Precondition($"failed to start daemon: another narud serves {settings.Engine.DataRoot}");
        if (settings.PidFile is { } path)
            ClaimPidFile(path);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            Listener.Add(kestrel, settings);
        });
        await using var app = builder.Build();
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await engine.Start(stopping.Token);
        using var images = new Builder(engine);
        await images.Start(stopping.Token);
        using var memory = new IdleMemory(QuietBeforeTrim);
        app.Run(Endpoints(engine, images, memory.Touch).Handle);
        await app.StartAsync(stopping.Token);
        Listener.Protect(settings);
        foreach (var host in settings.Hosts)
            Log.Info($"API listen on {host.Text}");
        HandedSockets.Ready();
        try
        {
            await Task.Delay(Timeout.Infinite, stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }

        HandedSockets.Stopping();
        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(grace.Token);
        if (settings.PidFile is { } written)
            File.Delete(written);
    }

    private static ApiServer Endpoints(EngineHost engine, Builder builder, Action answered)
    {
        var router = new Router();
        new SystemEndpoints(engine, builder).Map(router);
        new ContainerEndpoints(engine).Map(router);
        new ContainerStreamEndpoints(engine).Map(router);
        new ContainerFileEndpoints(engine).Map(router);
        new ExecEndpoints(engine).Map(router);
        new ImageEndpoints(engine).Map(router);
        new RegistryEndpoints(engine).Map(router);
        new VolumeEndpoints(engine).Map(router);
        new NetworkEndpoints(engine).Map(router);
        var buildKit = new BuildKitEndpoints(engine, builder);
        buildKit.Map(router);
        new BuildEndpoints(engine, builder, buildKit.Traced).Map(router);
        return new ApiServer(router, answered);
    }

    /// <exception cref="NaruException">The process that wrote the file still runs; in Docker's words.</exception>
    private static void ClaimPidFile(string path)
    {
        if (File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
            && File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/comm").Trim() == "narud")
            throw NaruException.Precondition($"failed to start daemon, ensure naru is not running or delete {path}: process with PID {pid} is still running");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }
}
