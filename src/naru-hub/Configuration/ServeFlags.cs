using Naru.Base;
using Naru.Base.Flags;
using Naru.HubServer.Transport;

namespace Naru.HubServer.Configuration;

/// <summary>What a server takes beside <see cref="HubFlags"/>.</summary>
internal sealed class ServeFlags : HubFlags
{
    public ServeFlags()
    {
        Listen = All.List("listen", null, "Address to serve on: HOST:PORT; several may be given", type: "address", defaultText: "127.0.0.1:5000");
        Open = All.Bool("open", null, "No accounts: everybody may do everything. For one machine or one trusted network");
        TlsCertificate = All.String("tls-cert", null, "Certificate chain (PEM) to serve HTTPS with; read again when it changes", type: "file");
        TlsKey = All.String("tls-key", null, "The certificate's key (PEM)", type: "file");
        AccessLog = All.Bool("access-log", null, "Log each request", initial: true);
        Metrics = All.String("metrics", null, "Who may read /metrics beside administrators: local (this machine), all, or off for nobody", "local");
        MetricsTokenFile = All.String("metrics-token-file", null, "File with the bearer token that opens /metrics", type: "file");
        WebhookPrivate = All.Bool("webhook-private", null, "Let web hooks be addresses of this machine and of private networks");
        ClientTimeout = All.Duration("client-timeout", null, "How long a client may take to send the head of a request, or to send or take less than 240 bytes a second", (long)TimeSpan.FromSeconds(60).TotalNanoseconds);
        GarbageInterval = All.Duration("gc-interval", null, "How often garbage is collected; 0s for never", 24L * 3600 * 1_000_000_000);
        Garbage = new GarbageFlags(All);
        Mirrors = new MirrorFlags(All);
        Accounts = new AccountFlags(All);
    }

    public ListFlag Listen { get; }

    public ValueFlag<bool> Open { get; }

    public ValueFlag<string> TlsCertificate { get; }

    public ValueFlag<string> TlsKey { get; }

    public ValueFlag<bool> AccessLog { get; }

    public ValueFlag<string> Metrics { get; }

    public ValueFlag<string> MetricsTokenFile { get; }

    public ValueFlag<bool> WebhookPrivate { get; }

    /// <summary>Nanoseconds.</summary>
    public ValueFlag<long> ClientTimeout { get; }

    /// <summary>Nanoseconds.</summary>
    public ValueFlag<long> GarbageInterval { get; }

    public GarbageFlags Garbage { get; }

    public MirrorFlags Mirrors { get; }

    public AccountFlags Accounts { get; }

    /// <exception cref="NaruException">InvalidArgument: shorter than the server's clock ticks.</exception>
    public Patience Patience() => TimeSpan.FromTicks(ClientTimeout / TimeSpan.NanosecondsPerTick) is var time && time > TimeSpan.FromSeconds(1)
        ? new Patience(time) : throw NaruException.Invalid("--client-timeout must be longer than a second");
}
