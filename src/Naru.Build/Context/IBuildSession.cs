using Naru.Api;
using Naru.Build.Graph;

namespace Naru.Build.Context;

/// <summary>The client of one build, as the builder asks it for what only it has. Two kinds: BuildKit's session, and the tar of a plain POST /build.</summary>
/// <remarks>Owned by whoever received the request; calls may overlap, and end with <see cref="OperationCanceledException"/> or Unavailable when the client goes.</remarks>
public interface IBuildSession
{
    /// <summary>By which caches tell clients apart that send the same folder; empty: unknown.</summary>
    string SharedKey { get; }

    /// <summary>Has the files of a folder of the client's sent, only those that changed since the last time.</summary>
    /// <param name="progress">Told the bytes that came so far.</param>
    /// <exception cref="Base.NaruException">NotFound: the client has no such folder.</exception>
    Task<ContextFolder> Receive(ContextStep step, Action<long> progress, CancellationToken cancel);

    /// <returns>Null: the client has no such secret.</returns>
    Task<byte[]?> Secret(string id, CancellationToken cancel);

    /// <summary>Opens a connection to the client's SSH agent; null: it forwards none by that id.</summary>
    /// <param name="id"><c>default</c> where the Dockerfile names none.</param>
    Task<Stream?> SshAgent(string id, CancellationToken cancel);

    /// <summary>How the client is known at a registry; null: not at all.</summary>
    Task<AuthConfig?> Credentials(string registry, CancellationToken cancel);

    /// <summary>Sends a result of the build to the client, as one stream (tar, oci, docker).</summary>
    /// <param name="number">Which of the build's outputs it is.</param>
    Task<Stream> OpenOutput(int number, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel);

    /// <summary>Sends a folder to the client (local).</summary>
    /// <param name="folder">A folder on this machine.</param>
    /// <param name="epoch">The time of all its files; null: each has its own.</param>
    Task SendFolder(int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel);

    /// <summary>A store of blobs of the client's (<c>local:FOLDER</c>), for caches.</summary>
    /// <exception cref="Base.NaruException">Unimplemented: the client has none.</exception>
    SessionContent Content(string store);
}
