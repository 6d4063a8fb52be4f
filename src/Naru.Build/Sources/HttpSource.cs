using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Oci;

namespace Naru.Build.Sources;

/// <summary>Files from URLs. What was fetched is kept, and asked for again with its ETag or time: a server that has no newer one sends none.</summary>
/// <remarks>
/// <code>
/// folder/KEY/state.json     HttpState: what the last answer was
/// folder/KEY/part           a download under way
/// folder/KEY/HEX/NAME       the file, in a folder of its content's digest
/// </code>
/// KEY stands for URL, file name and mode. The proxy is the environment's.
/// </remarks>
internal sealed class HttpSource : IDisposable
{
    private const long MostBytes = 4L << 30;
    private const int DefaultMode = 0x180; // 0600

    private readonly KeptFolders folders;
    private readonly HttpClient client;

    public HttpSource(string folder)
    {
        folders = new KeptFolders(folder, MostBytes);
        var handler = new SocketsHttpHandler { MaxAutomaticRedirections = 10, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30) };
        client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "naru");
    }

    /// <summary>A folder that holds the file alone, and a digest of its name, mode and content.</summary>
    /// <exception cref="NaruException">Unavailable: the server does not answer so; FailedPrecondition: another content than the checksum says.</exception>
    public async Task<(Digest Identity, ContextFolder Folder)> Fetch(HttpStep step, StepWatcher watcher, CancellationToken cancel)
    {
        if (step.FileName is "" or "." or ".." || step.FileName.Contains('/') || step.FileName.Contains('\0'))
            throw NaruException.Invalid($"invalid file name {GoText.Quote(step.FileName)} for {step.Url}");
        var mode = step.Mode ?? DefaultMode;
        var key = new DefinitionWriter();
        key.Add(step.Url);
        key.Add(step.FileName);
        key.Add(mode);
        using var kept = await folders.Hold(key.Finish().Hex, cancel);
        var state = Read(kept.Path, step);
        // What must have a digest and has it needs no server.
        if (state is null || step.Checksum.IsEmpty || state.Content != step.Checksum.ToString())
            state = await Refresh(step, kept.Path, state, mode, watcher, cancel);
        if (!step.Checksum.IsEmpty && state.Content != step.Checksum.ToString())
            throw NaruException.Precondition($"digest mismatch {state.Content}: {step.Checksum}");
        var content = Digest.Parse(state.Content);
        var release = kept.Keep();
        folders.Trim();
        return (Identity(step, mode, content), new ContextFolder(Path.Combine(kept.Path, content.Hex),
            name => name == step.FileName && content.Algorithm == "sha256" ? Convert.FromHexString(content.Hex) : null, release)
        { Revision = state.Content });
    }

    /// <summary>What is kept, to be counted and pruned.</summary>
    public KeptFolders Kept => folders;

    public void Dispose() => client.Dispose();

    private static Digest Identity(HttpStep step, int mode, Digest content)
    {
        var writer = new DefinitionWriter();
        writer.Add("http");
        writer.Add(step.FileName);
        writer.Add(mode);
        writer.Add(content.ToString());
        return writer.Finish();
    }

    private async Task<HttpState> Refresh(HttpStep step, string folder, HttpState? known, int mode, StepWatcher watcher, CancellationToken cancel)
    {
        var part = Path.Combine(folder, "part");
        var download = new HttpDownload(client, new Uri(step.Url), part, step.Checksum.IsEmpty ? "sha256" : step.Checksum.Algorithm,
            (bytes, total) => watcher.Count("downloading", bytes, total));
        try
        {
            var answer = await download.Run(known, cancel);
            if (answer.Content == known?.Content)
                return known;
            var target = Path.Combine(folder, Digest.Parse(answer.Content).Hex);
            Directory.CreateDirectory(target, (UnixFileMode)0x1ED);
            var file = Path.Combine(target, step.FileName);
            File.SetUnixFileMode(part, (UnixFileMode)mode);
            File.SetLastWriteTimeUtc(part, Time(answer.LastModified));
            File.Move(part, file, overwrite: true);
            // A content that the checksum refuses is no reason to forget a good one.
            if (step.Checksum.IsEmpty || answer.Content == step.Checksum.ToString())
            {
                AtomicFile.Write(Path.Combine(folder, "state.json"), JsonSerializer.SerializeToUtf8Bytes(answer, SourcesJson.Default.HttpState));
                if (known is not null)
                    KeptFolders.Remove(Path.Combine(folder, Digest.Parse(known.Content).Hex));
            }
            else
            {
                KeptFolders.Remove(target);
            }

            return answer;
        }
        finally
        {
            File.Delete(part);
            watcher.Finish();
        }
    }

    /// <summary>No Last-Modified: 1970, as BuildKit has it.</summary>
    private static DateTime Time(string? lastModified) =>
        DateTimeOffset.TryParse(lastModified, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : DateTime.UnixEpoch;

    private static HttpState? Read(string folder, HttpStep step)
    {
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, "state.json")), SourcesJson.Default.HttpState);
            return state is not null && File.Exists(Path.Combine(folder, Digest.Parse(state.Content).Hex, step.FileName)) ? state : null;
        }
        catch (Exception e) when (e is IOException or JsonException or NaruException)
        {
            // Fetched anew.
            return null;
        }
    }
}
