using Naru.Api;
using Naru.Base;
using Naru.Build.Graph;
using Naru.Rpc.BuildSession;
using Naru.Rpc.Grpc;
using Naru.Rpc.Health;

namespace Naru.Build.Context;

/// <summary>BuildKit's session, the builder's side: the client serves gRPC on a connection that it opened, and the builder asks.</summary>
/// <remarks>Owned by the request that brought the connection; <see cref="Ended"/> when the client goes, which fails the calls under way.</remarks>
public sealed class SessionClient : IBuildSession, IDisposable
{
    private static readonly GrpcMethod<CredentialsRequest, CredentialsResponse> CredentialsMethod = new("moby.filesync.v1.Auth", "Credentials", CredentialsRequest.Parser, CredentialsResponse.Parser);
    private static readonly GrpcMethod<GetSecretRequest, GetSecretResponse> SecretMethod = new("moby.buildkit.secrets.v1.Secrets", "GetSecret", GetSecretRequest.Parser, GetSecretResponse.Parser);
    private static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthMethod = new("grpc.health.v1.Health", "Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser);
    private readonly CancellationTokenSource ended = new();
    private readonly HashSet<string> methods;
    private readonly GrpcChannel channel;
    private readonly ContextStore contexts;

    /// <param name="connection">The client's connection; the session's from now on.</param>
    /// <param name="methods">What the client serves, as <c>/service/method</c>.</param>
    public SessionClient(PipeConnection connection, string id, string sharedKey, IEnumerable<string> methods, ContextStore contexts)
    {
        Id = id;
        SharedKey = sharedKey;
        this.methods = new HashSet<string>(methods, StringComparer.OrdinalIgnoreCase);
        this.contexts = contexts;
        channel = new GrpcChannel(connection, $"session {id}");
        _ = connection.Ended.ContinueWith(_ => ended.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public string Id { get; }

    public string SharedKey { get; }

    /// <summary>Falls when the client has gone.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>True when the client serves the method.</summary>
    public bool Serves(string service, string method) => methods.Contains($"/{service}/{method}");

    /// <summary>Makes the connection speak, so that its end is seen before anything is asked of the client.</summary>
    public async Task Open()
    {
        try
        {
            await channel.CallAsync(HealthMethod, new HealthCheckRequest(), new GrpcOptions(), ended.Token);
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException)
        {
            Log.Debug($"session {Id}: health: {e.Message}");
        }
    }

    public async Task<ContextFolder> Receive(ContextStep step, Action<long> progress, CancellationToken cancel)
    {
        Need("moby.filesync.v1.FileSync", "DiffCopy");
        using var both = Both(cancel);
        return await FolderReceiver.Receive(channel, contexts, SharedKey, step, progress, both.Token);
    }

    /// <summary>Pulls an archive of the client's, and unpacks it.</summary>
    internal async Task<ArchiveSession> Unpack(string id, CancellationToken cancel)
    {
        Need(UploadStream.Service, "Pull");
        using var both = Both(cancel);
        await using var stream = new UploadStream(channel, id, both.Token);
        return await ArchiveSession.Unpack(stream, contexts.Temporary(), new Dictionary<string, AuthConfig>(), both.Token);
    }

    public async Task<byte[]?> Secret(string id, CancellationToken cancel)
    {
        if (!Serves(SecretMethod.Service, SecretMethod.Name))
            return null;
        using var both = Both(cancel);
        try
        {
            var answer = await channel.CallAsync(SecretMethod, new GetSecretRequest { ID = id }, new GrpcOptions(), both.Token);
            return answer.Data.ToByteArray();
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unimplemented)
        {
            return null;
        }
    }

    public async Task<Stream?> SshAgent(string id, CancellationToken cancel)
    {
        if (!Serves(SshAgentStream.Service, "ForwardAgent"))
            return null;
        return await SshAgentStream.Open(channel, id, cancel);
    }

    public async Task<AuthConfig?> Credentials(string registry, CancellationToken cancel)
    {
        if (!Serves(CredentialsMethod.Service, CredentialsMethod.Name))
            return null;
        using var both = Both(cancel);
        CredentialsResponse answer;
        try
        {
            // Clients know Docker Hub by the name of the machine that serves it.
            answer = await channel.CallAsync(CredentialsMethod, new CredentialsRequest { Host = registry == "docker.io" ? "registry-1.docker.io" : registry }, new GrpcOptions(), both.Token);
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unimplemented)
        {
            return null;
        }

        if (answer.Secret.Length == 0)
            return null;
        // Without a name the secret is an identity token, as docker login keeps it.
        return answer.Username.Length == 0
            ? new AuthConfig { IdentityToken = answer.Secret, ServerAddress = registry }
            : new AuthConfig { Username = answer.Username, Password = answer.Secret, ServerAddress = registry };
    }

    public async Task<Stream> OpenOutput(int number, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel)
    {
        Need("moby.filesync.v1.FileSend", "DiffCopy");
        var headers = new Dictionary<string, IReadOnlyList<string>> { [OutputStream.NumberHeader] = [number.ToString(System.Globalization.CultureInfo.InvariantCulture)] };
        foreach (var (name, value) in metadata)
            SessionHeaders.Add(headers, OutputStream.MetadataPrefix + name, [value]);
        return await OutputStream.Open(channel, new GrpcOptions { Headers = headers }, cancel);
    }

    public async Task SendFolder(int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel)
    {
        Need("moby.filesync.v1.FileSend", "DiffCopy");
        using var both = Both(cancel);
        await FolderSender.Send(channel, number, folder, epoch, progress, both.Token);
    }

    public SessionContent Content(string store)
    {
        Need(ContainerdApi.Content.Service, ContainerdApi.Content.Read.Name);
        return new SessionContent(channel, store);
    }

    public void Dispose()
    {
        channel.Dispose();
        ended.Cancel();
    }

    private CancellationTokenSource Both(CancellationToken cancel) => CancellationTokenSource.CreateLinkedTokenSource(cancel, ended.Token);

    private void Need(string service, string method)
    {
        if (!Serves(service, method))
            throw new NaruException(ErrorKind.Unimplemented, $"method /{service}/{method} not supported by the client");
    }
}
