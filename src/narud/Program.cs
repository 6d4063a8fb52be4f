using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Naru.Base;
using Naru.Daemon.Api;
using Naru.Daemon.Http;
using Naru.Engine;

namespace Naru.Daemon;

/// <summary>narud: the Docker Engine API over unix sockets.</summary>
internal static class Program
{
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
        catch (Exception e) when (e is NaruException or IOException)
        {
            await Console.Error.WriteLineAsync($"narud: {e.Message}");
            return 1;
        }
    }

    private static async Task Run(Settings settings)
    {
        using var engine = new EngineHost(settings.Engine);
        var router = new Router();
        new SystemEndpoints(engine).Map(router);
        new ContainerEndpoints(engine).Map(router);
        new ExecEndpoints(engine).Map(router);
        new ImageEndpoints(engine).Map(router);
        new VolumeEndpoints(engine).Map(router);
        var server = new ApiServer(router);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var host in settings.Hosts)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(host)!);
                File.Delete(host);
                kestrel.ListenUnixSocket(host, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(TakenConnection.Watch);
                });
            }
        });
        await using var app = builder.Build();
        using var stopping = new CancellationTokenSource();
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => { signal.Cancel = true; stopping.Cancel(); });
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, signal => { signal.Cancel = true; stopping.Cancel(); });
        await engine.Start(stopping.Token);
        app.Run(server.Handle);
        await app.StartAsync(stopping.Token);
        foreach (var host in settings.Hosts)
        {
            File.SetUnixFileMode(host, (UnixFileMode)0x1B0);
            Log.Info($"API listen on {host}");
        }

        if (settings.PidFile is { } pidFile)
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        GC.Collect();
        try
        {
            await Task.Delay(Timeout.Infinite, stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }

        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(grace.Token);
        if (settings.PidFile is { } written)
            File.Delete(written);
    }
}
