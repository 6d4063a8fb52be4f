using Naru.Base.Flags;

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
        Mirrors = new MirrorFlags(All);
        Accounts = new AccountFlags(All);
    }

    public ListFlag Listen { get; }

    public ValueFlag<bool> Open { get; }

    public ValueFlag<string> TlsCertificate { get; }

    public ValueFlag<string> TlsKey { get; }

    public MirrorFlags Mirrors { get; }

    public AccountFlags Accounts { get; }
}
