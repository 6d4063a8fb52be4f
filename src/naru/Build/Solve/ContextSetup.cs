using Naru.Cli.Build.Files;
using Naru.Cli.Build.Session;
using Naru.Cli.Terminal;
using Naru.Linux;

namespace Naru.Cli.Build.Solve;

/// <summary>Where a build's context and Dockerfile come from: folders that are lent, a stream that is uploaded, or an address that the builder fetches itself.</summary>
/// <remarks>Adds what the frontend must know to <paramref name="attributes"/>. Temporary folders go when it is disposed of.</remarks>
internal sealed class ContextSetup(FileSync files, UploadService uploads, ContentService content, Dictionary<string, string> attributes) : IDisposable
{
    private const string Dockerfile = "Dockerfile";

    private readonly List<string> temporary = [];

    /// <summary>Two builds of the same folder have the same key: the builder keeps what it was sent.</summary>
    public string SharedKey { get; private set; } = "";

    /// <exception cref="NaruException">The context or the Dockerfile cannot be.</exception>
    public void Prepare(BuildOptions options)
    {
        if (options.File.StartsWith("https://", StringComparison.Ordinal) || options.File.StartsWith("http://", StringComparison.Ordinal))
            throw NaruException.Invalid("a Dockerfile at a URL is not supported: save it, or use its folder's address as the build context");
        if (options.Context == "-")
            PrepareInput(options.File);
        else if (Directory.Exists(options.Context))
            PrepareFolder(options.Context, options.File);
        else if (IsRemote(options.Context))
            PrepareRemote(options.Context, options.File);
        else
            throw NaruException.Invalid($"unable to prepare context: path {GoText.Quote(options.Context)} not found");
        foreach (var (name, value) in options.NamedContexts)
            AddNamed(name, value);
    }

    public void Dispose()
    {
        foreach (var folder in temporary)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>An address that the builder fetches by itself: a repository, or an archive or a Dockerfile behind http.</summary>
    private static bool IsRemote(string context) =>
        context.StartsWith("https://", StringComparison.Ordinal) || context.StartsWith("http://", StringComparison.Ordinal)
        || context.StartsWith("git://", StringComparison.Ordinal) || context.StartsWith("ssh://", StringComparison.Ordinal)
        || context.StartsWith("git@", StringComparison.Ordinal) || context.StartsWith("github.com/", StringComparison.Ordinal);

    private void PrepareFolder(string folder, string file)
    {
        files.Lend("context", folder);
        SharedKey = KeyOf(folder);
        if (file == "-")
            LendDockerfile(Streams.In);
        else if (file.Length == 0)
            LendDockerfile(folder, Dockerfile);
        else
            LendDockerfile(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(file));
    }

    private void PrepareRemote(string address, string file)
    {
        attributes["context"] = address;
        if (file == "-")
            LendDockerfile(Streams.In);
        else if (Path.IsPathRooted(file))
            LendDockerfile(Path.GetDirectoryName(file)!, Path.GetFileName(file));
        else if (file.Length > 0)
            attributes["filename"] = file;
        if (files.Lends("dockerfile"))
            attributes["dockerfilekey"] = "dockerfile";
    }

    /// <summary>Standard input is an archive with all of the context, or else the Dockerfile of a build without one.</summary>
    private void PrepareInput(string file)
    {
        if (file == "-")
            throw NaruException.Invalid("invalid argument: can't use stdin for both build context and dockerfile");
        var head = new byte[512];
        var used = 0;
        for (int count; used < head.Length && (count = Streams.In.Read(head, used, head.Length - used)) > 0;)
            used += count;
        if (used == 0)
            throw NaruException.Invalid("unable to prepare context: failed to read build context from stdin: it is empty");
        var input = new PrefixedStream(head.AsMemory(0, used), Streams.In, leaveOpen: true);
        if (IsArchive(head.AsSpan(0, used)))
        {
            attributes["context"] = uploads.Offer(input);
            if (file.Length > 0)
                attributes["filename"] = file;
            return;
        }

        if (file.Length > 0)
            throw NaruException.Invalid("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
        files.Lend("context", Temporary());
        LendDockerfile(input);
    }

    /// <summary>A tar, or what gzip, bzip2, xz or zstd made.</summary>
    private static bool IsArchive(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]) || head.StartsWith("BZh"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0])
        || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) || (head.Length > 262 && head[257..].StartsWith("ustar"u8));

    private void LendDockerfile(Stream content)
    {
        var folder = Temporary();
        using (var file = File.Create(Path.Combine(folder, Dockerfile)))
            content.CopyTo(file);
        LendDockerfile(folder, Dockerfile);
        attributes["dockerfilekey"] = "dockerfile";
    }

    private void LendDockerfile(string folder, string name)
    {
        files.Lend("dockerfile", folder);
        attributes["filename"] = name;
    }

    private void AddNamed(string name, string value)
    {
        if (value.StartsWith(LayoutReference.Scheme, StringComparison.Ordinal))
        {
            var layout = LayoutReference.Resolve(value);
            // The name in the request is all that the builder is told of the folder.
            var store = BuildSession.NewId();
            content.LendLayout("oci:" + store, layout.Folder);
            attributes[$"context:{name}"] = $"{LayoutReference.Scheme}{store}@{layout.Digest}";
            return;
        }

        if (value.StartsWith("target:", StringComparison.Ordinal))
            throw NaruException.Invalid($"failed to find target {value["target:".Length..]} for context {name}");
        if (IsRemote(value) || value.StartsWith("docker-image://", StringComparison.Ordinal))
        {
            attributes[$"context:{name}"] = value;
            return;
        }

        if (!Directory.Exists(value))
            throw NaruException.NotFound($"failed to get build context {name}: stat {value}: no such file or directory");
        // These two names are taken.
        var local = name is "context" or "dockerfile" ? "_" + name : name;
        files.Lend(local, value);
        attributes[$"context:{name}"] = $"local:{local}";
    }

    private string Temporary()
    {
        var folder = Directory.CreateTempSubdirectory("naru-build-").FullName;
        temporary.Add(folder);
        return folder;
    }

    private static string KeyOf(string folder)
    {
        var full = Path.GetFullPath(folder).TrimEnd('/');
        var machine = Linux.Files.TryReadText("/etc/machine-id")?.Trim() ?? "";
        return $"{Path.GetFileName(full)}:{ShortHash.Of($"{machine}\n{full}")}";
    }
}
