using Naru.Api;
using Naru.Base;
using Naru.Base.Paths;
using Naru.Build.Graph;
using Naru.Images;

namespace Naru.Build.Context;

/// <summary>The client of a plain POST /build: it has sent its files as a tar, its registries' passwords as a header, and cannot be asked for anything else.</summary>
/// <remarks>Owns the folder that the tar is unpacked into.</remarks>
public sealed class ArchiveSession : IBuildSession, IDisposable
{
    private readonly string folder;
    private readonly IReadOnlyDictionary<string, AuthConfig> registries;
    private readonly Lock gate = new();
    private bool filtered;

    private ArchiveSession(string folder, IReadOnlyDictionary<string, AuthConfig> registries)
    {
        this.folder = folder;
        this.registries = registries;
    }

    public string SharedKey => "";

    /// <summary>Unpacks an archive, plain or compressed. Owners become root's; nothing leaves the folder.</summary>
    /// <param name="folder">Made here, removed with the session.</param>
    /// <exception cref="NaruException">InvalidArgument: no tar, or one that is broken.</exception>
    public static async Task<ArchiveSession> Unpack(Stream archive, string folder, IReadOnlyDictionary<string, AuthConfig> registries, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var session = new ArchiveSession(folder, registries);
        try
        {
            var options = new LayerApplyOptions { Whiteouts = WhiteoutMode.Literal, MapOwner = static (_, _) => (0, 0) };
            await Task.Run(() => LayerApplier.Apply(new BlockingStream(archive, cancel), session.Files, options, cancel), cancel);
            return session;
        }
        catch (Exception e)
        {
            session.Dispose();
            if (e is InvalidDataException)
                throw new NaruException(ErrorKind.InvalidArgument, $"Error processing tar file(exit status 1): {e.Message}", e);
            throw;
        }
    }

    private string Files
    {
        get
        {
            var files = Path.Combine(folder, "files");
            Directory.CreateDirectory(files);
            return files;
        }
    }

    public Task<ContextFolder> Receive(ContextStep step, Action<long> progress, CancellationToken cancel)
    {
        if (step.Local is not ("context" or "dockerfile"))
            throw NaruException.NotFound($"the client sent no folder \"{step.Local}\"");
        lock (gate)
        {
            if (step.Exclude.Count > 0 && !filtered)
            {
                Filter(new PathPatterns(step.Exclude), new DirectoryInfo(Files), "", null, cancel);
                filtered = true;
            }
        }

        return Task.FromResult(new ContextFolder(Files, null, static () => { }));
    }

    public Task<byte[]?> Secret(string id, CancellationToken cancel) => Task.FromResult<byte[]?>(null);

    public Task<Stream?> SshAgent(string id, CancellationToken cancel) => Task.FromResult<Stream?>(null);

    public Task<AuthConfig?> Credentials(string registry, CancellationToken cancel) => Task.FromResult(registries.GetValueOrDefault(registry));

    public Task<Stream> OpenOutput(int number, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel) => throw NoOutput();

    public Task SendFolder(int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel) => throw NoOutput();

    public SessionContent Content(string store) => throw new NaruException(ErrorKind.Unimplemented, "caches of type local need a client that can be asked for them");

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static NaruException NoOutput() => NaruException.Invalid("multiple outputs currently unsupported by this builder: the client cannot receive files");

    /// <summary>Removes what .dockerignore names: some clients send it all the same.</summary>
    private static void Filter(PathPatterns patterns, DirectoryInfo at, string path, PathMatch? above, CancellationToken cancel)
    {
        foreach (var entry in at.EnumerateFileSystemInfos())
        {
            cancel.ThrowIfCancellationRequested();
            var name = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                var match = patterns.Enter(name, above);
                if (patterns.CanSkip(name, match))
                {
                    folder.Delete(recursive: true);
                    continue;
                }

                Filter(patterns, folder, name, match, cancel);
                if (match.Matched && !folder.EnumerateFileSystemInfos().Any())
                    folder.Delete();
            }
            else if (patterns.Matches(name, above))
            {
                entry.Delete();
            }
        }
    }
}
