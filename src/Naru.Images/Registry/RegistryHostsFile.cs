using System.Text;
using Naru.Base;

namespace Naru.Images;

/// <summary>Mirrors of a registry in containerd's form: <c>FOLDER/DOMAIN/hosts.toml</c>, one <c>[host."URL"]</c> each, in the order in which they are asked.</summary>
/// <remarks>containerd, docs/hosts.md. What is read here: hosts and their capabilities. A setting that would change how a host is asked is refused, not passed over.</remarks>
public static class RegistryHostsFile
{
    private const string Name = "hosts.toml";

    /// <summary>Writes the mirrors of a domain, for this and for other programs to read.</summary>
    public static void Write(string folder, string domain, IReadOnlyList<Uri> mirrors)
    {
        var text = new StringBuilder();
        foreach (var mirror in mirrors)
            text.Append("[host.\"").Append(mirror.GetLeftPart(UriPartial.Authority)).Append("\"]\n  capabilities = [\"pull\", \"resolve\"]\n");
        var own = Directory.CreateDirectory(Path.Combine(folder, domain)).FullName;
        AtomicFile.Write(Path.Combine(own, Name), Encoding.UTF8.GetBytes(text.ToString()), durable: false);
    }

    /// <summary>Where to ask before the registry itself; none without a file.</summary>
    /// <exception cref="NaruException">InvalidArgument: the file cannot be understood.</exception>
    public static IReadOnlyList<Uri> Read(string? folder, string domain)
    {
        if (string.IsNullOrEmpty(folder) || Path.Combine(folder, domain, Name) is var path && !File.Exists(path))
            return [];
        List<Uri> mirrors = [];
        Uri? host = null;
        foreach (var raw in File.ReadAllLines(path))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("[host.\"", StringComparison.Ordinal) && line.EndsWith("\"]", StringComparison.Ordinal))
            {
                host = Uri.TryCreate(line[7..^2], UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/" ? address
                    : throw NaruException.Invalid($"{path}: {line}: a host must be http://HOST or https://HOST");
                mirrors.Add(host);
                continue;
            }

            var equals = line.IndexOf('=');
            var key = equals < 0 ? line : line[..equals].Trim();
            switch (key)
            {
                case "capabilities" when host is not null:
                    if (!line.Contains("\"pull\"", StringComparison.Ordinal))
                        mirrors.Remove(host);
                    break;
                case "server" when host is null && line[(equals + 1)..].Trim().Trim('"').TrimEnd('/') == $"https://{RegistryHost.Authority(domain)}":
                    break;
                default:
                    throw NaruException.Invalid($"{path}: {key} is not supported");
            }
        }

        return mirrors;
    }
}
