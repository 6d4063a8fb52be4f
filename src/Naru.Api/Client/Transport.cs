using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Naru.Api.Client;

/// <summary>One byte stream to the engine, of which each half can be closed on its own.</summary>
internal sealed class Transport : IDisposable
{
    private readonly Socket? socket;
    private readonly Process? process;
    private readonly Stream input;
    private readonly Stream output;
    private readonly Action? closeWrite;

    private Transport(Socket? socket, Process? process, Stream input, Stream output, Action? closeWrite = null) =>
        (this.socket, this.process, this.input, this.output, this.closeWrite) = (socket, process, input, output, closeWrite);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static Transport Connect(EngineAddress address, TlsFiles? tls, Func<string, LocalStream>? connectLocal)
    {
        if (address.Scheme == "ssh")
            return ConnectSsh(address.Host);
        if (address.Scheme == "unix" && connectLocal is not null)
        {
            var (stream, close) = connectLocal(address.Host);
            return new Transport(null, null, stream, stream, close);
        }

        if (address.Scheme == "unix")
        {
            var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            unix.Connect(new UnixDomainSocketEndPoint(address.Host));
            var plain = new NetworkStream(unix, ownsSocket: false);
            return new Transport(unix, null, plain, plain);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address.Host, address.Port);
        Stream joined = new NetworkStream(socket, ownsSocket: false);
        if (address.Tls)
            joined = Secure(joined, address.Host, tls);
        return new Transport(socket, null, joined, joined);
    }

    public int Read(Span<byte> buffer) => input.Read(buffer);

    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Says that nothing more will be written, while reading goes on.</summary>
    public void CloseWrite()
    {
        if (closeWrite is not null)
            closeWrite();
        else if (process is not null)
            output.Dispose();
        else if (output is SslStream secure)
            secure.ShutdownAsync().GetAwaiter().GetResult();
        else
            socket!.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends it in the middle: the engine hears of it at once, and with its answer or its hanging up so does who reads.</summary>
    public void Abort()
    {
        if (closeWrite is not null)
            closeWrite();
        else if (socket is not null)
            socket.Shutdown(SocketShutdown.Both);
        else
            output.Dispose();
    }

    public void Dispose()
    {
        input.Dispose();
        output.Dispose();
        socket?.Dispose();
        process?.Dispose();
    }

    private static SslStream Secure(Stream stream, string host, TlsFiles? files)
    {
        // What a chain lacks is not fetched from anywhere (src/naru/Substitutions.xml).
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        var options = new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy };
        if (files?.Certificate is { } certificate && files.Key is { } key && File.Exists(certificate) && File.Exists(key))
            options.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true);
        if (files is { Verify: false })
        {
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (files?.Authority is { } authority && File.Exists(authority))
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(authority);
        }

        var secure = new SslStream(stream);
        secure.AuthenticateAsClient(options);
        return secure;
    }

    /// <summary>Runs `docker system dial-stdio` at the other end, as docker's own client does.</summary>
    private static Transport ConnectSsh(string destination)
    {
        var start = new ProcessStartInfo("ssh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        var uri = new Uri("ssh://" + destination);
        if (uri.UserInfo.Length > 0)
        {
            start.ArgumentList.Add("-l");
            start.ArgumentList.Add(uri.UserInfo);
        }

        if (uri.Port > 0)
        {
            start.ArgumentList.Add("-p");
            start.ArgumentList.Add(uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        foreach (var word in (string[])["-o", "ConnectTimeout=30", "-T", "--", uri.Host, "docker", "system", "dial-stdio"])
            start.ArgumentList.Add(word);
        var process = Process.Start(start) ?? throw new NaruException(ErrorKind.Unavailable, "ssh did not start");
        return new Transport(null, process, process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }
}
