using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Naru.Cli.Config;

/// <summary>The contexts, in docker's own folders: contexts/meta/ID/meta.json and contexts/tls/ID/docker/*.pem, ID being the name's SHA-256.</summary>
internal sealed partial class ContextStore(string folder)
{
    public const string Default = "default";

    /// <summary>The names of a context's TLS files.</summary>
    public static readonly string[] TlsNames = ["ca.pem", "cert.pem", "key.pem"];

    public string MetadataFolder(string name) => Path.Combine(folder, "contexts", "meta", Id(name));

    public string TlsFolder(string name) => Path.Combine(folder, "contexts", "tls", Id(name));

    /// <summary>All but the default one, by name.</summary>
    public IReadOnlyList<StoredContext> List()
    {
        var root = Path.Combine(folder, "contexts", "meta");
        if (!Directory.Exists(root))
            return [];
        return [.. Directory.EnumerateDirectories(root).Select(at => Path.Combine(at, "meta.json")).Where(File.Exists).Select(StoredContext.Read).OrderBy(context => context.Name, StringComparer.Ordinal)];
    }

    public bool Exists(string name) => File.Exists(MetadataFile(name));

    /// <exception cref="ExitException">There is no such context.</exception>
    public StoredContext Get(string name)
    {
        var path = MetadataFile(name);
        return File.Exists(path) ? StoredContext.Read(path) : throw new ExitException(1, $"context {GoText.Quote(name)}: context not found: open {path}: no such file or directory");
    }

    public void Save(StoredContext context)
    {
        Directory.CreateDirectory(MetadataFolder(context.Name));
        AtomicFile.Write(MetadataFile(context.Name), Encoding.UTF8.GetBytes(context.Json.ToJsonString()));
    }

    /// <summary>Keeps the TLS files, and only these.</summary>
    public void SaveTls(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        var at = TlsFolder(name);
        if (Directory.Exists(at))
            Directory.Delete(at, recursive: true);
        if (files.Count == 0)
            return;
        var inside = Path.Combine(at, "docker");
        Directory.CreateDirectory(inside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var (file, bytes) in files)
            AtomicFile.Write(Path.Combine(inside, file), bytes);
    }

    public IReadOnlyDictionary<string, byte[]> Tls(string name)
    {
        var inside = Path.Combine(TlsFolder(name), "docker");
        return TlsNames.Select(file => (file, Path: Path.Combine(inside, file))).Where(pair => File.Exists(pair.Path)).ToDictionary(pair => pair.file, pair => File.ReadAllBytes(pair.Path));
    }

    public void Remove(string name)
    {
        foreach (var at in (string[])[MetadataFolder(name), TlsFolder(name)])
        {
            if (Directory.Exists(at))
                Directory.Delete(at, recursive: true);
        }
    }

    /// <exception cref="ExitException">No name that a context may have.</exception>
    public static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new ExitException(1, "context name cannot be empty");
        if (name == Default)
            throw new ExitException(1, "\"default\" is a reserved context name");
        if (!Names().IsMatch(name))
            throw new ExitException(1, $"context name {GoText.Quote(name)} is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"");
    }

    private string MetadataFile(string name) => Path.Combine(MetadataFolder(name), "meta.json");

    private static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$")]
    private static partial Regex Names();
}
