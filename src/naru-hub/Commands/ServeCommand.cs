using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Gc;
using Naru.HubServer.Configuration;
using Naru.HubServer.Http;
using Naru.HubServer.Operation;
using Naru.HubServer.Transport;
using Naru.Linux;

namespace Naru.HubServer.Commands;

/// <summary>naru-hub serve: the registry and its site, until a signal.</summary>
internal sealed class ServeCommand : HubCommand
{
    /// <summary>How long after layers were last read or looked at what that left is given back.</summary>
    private static readonly TimeSpan QuietBeforeTrim = TimeSpan.FromSeconds(10);

    private readonly ServeFlags flags = new();

    public override string Name => "serve";

    public override string Summary => "Serve the registry and its web site";

    public override HubFlags Flags => flags;

    protected override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        await using var services = await HubServices.Open(flags);
        var callers = new Callers(services.Accounts, flags.Accounts.External());
        var garbage = flags.Garbage.Options();
        await services.Storage.Check(CancellationToken.None);
        if (services.Mirrors is { } mirrors)
            await mirrors.Start(CancellationToken.None);
        var patience = flags.Patience();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listener.Add(kestrel, flags, patience));
        builder.Services.AddSingleton<IConnectionListenerFactory>(new SocketListenerFactory(patience));
        await using var app = builder.Build();
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var log = flags.AccessLog ? new AccessLog(flags.LogFormat == "json") : null;
        var figures = new RequestFigures();
        services.Events.Listen(figures.Count);
        var metrics = new MetricsAccess(flags.Metrics, flags.MetricsTokenFile);
        var server = Endpoints.Of(services, callers, figures, metrics);
        using var memory = new IdleMemory(QuietBeforeTrim, services.LayerIndexes.Trim);
        app.Run(new RequestRecorder(new TrustedProxies(flags.Accounts.TrustedProxies), figures, log, metrics, patience, server.Handle, memory.Touch).Handle);
        services.WebhookWorker.Start();
        await using var upkeep = new AccountUpkeep(services.Accounts);
        upkeep.Start();
        await app.StartAsync(stopping.Token);
        services.LayerQueue.Worked = services.LayerIndexes.Opened = memory.Touch;
        services.LayerQueue.Start();
        await using var schedule = flags.GarbageInterval > 0 ? new GarbageSchedule(services.Garbage, garbage, TimeSpan.FromTicks(flags.GarbageInterval / 100)) : null;
        foreach (var address in app.Urls)
            Log.Info($"serving on {address}");
        try
        {
            await Task.Delay(Timeout.Infinite, stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }

        // A push that is under way gets a moment to end; what is cut off can be resumed.
        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(grace.Token);
        return 0;
    }
}
