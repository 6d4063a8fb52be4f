using Naru.Api;
using Naru.Build.Graph;

namespace Naru.Build.Context;

/// <summary>A client whose context is an archive that it uploaded; all else is asked of its session.</summary>
public sealed class UploadedSession : IBuildSession, IDisposable
{
    private const string Prefix = "http://" + UploadStream.Host + "/";
    private readonly SessionClient session;
    private readonly ArchiveSession archive;

    private UploadedSession(SessionClient session, ArchiveSession archive)
    {
        this.session = session;
        this.archive = archive;
    }

    public string SharedKey => "";

    /// <summary>True when a context's URL stands for a stream of the client's.</summary>
    public static bool Is(string context) => context.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Pulls the archive and unpacks it.</summary>
    /// <param name="context">The context's URL.</param>
    /// <exception cref="Base.NaruException">InvalidArgument: no tar; NotFound: the client has no such stream.</exception>
    public static async Task<UploadedSession> Open(SessionClient session, string context, CancellationToken cancel) =>
        new(session, await session.Unpack(context[Prefix.Length..], cancel));

    public Task<ContextFolder> Receive(ContextStep step, Action<long> progress, CancellationToken cancel) =>
        step.Local is "context" or "dockerfile" ? archive.Receive(step, progress, cancel) : session.Receive(step, progress, cancel);

    public Task<byte[]?> Secret(string id, CancellationToken cancel) => session.Secret(id, cancel);

    public Task<Stream?> SshAgent(string id, CancellationToken cancel) => session.SshAgent(id, cancel);

    public Task<AuthConfig?> Credentials(string registry, CancellationToken cancel) => session.Credentials(registry, cancel);

    public Task<Stream> OpenOutput(int number, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel) => session.OpenOutput(number, metadata, cancel);

    public Task SendFolder(int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel) => session.SendFolder(number, folder, epoch, progress, cancel);

    public SessionContent Content(string store) => session.Content(store);

    public void Dispose() => archive.Dispose();
}
