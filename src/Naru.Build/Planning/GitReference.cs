using Naru.Base;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>A git repository, as ADD and contexts name it: <c>https://host/path.git#ref:folder</c>, <c>git@host:path</c>, <c>ssh://…</c>, <c>git://…</c>, with <c>?branch=…&amp;subdir=…</c>.</summary>
public sealed record GitReference
{
    public required string Remote { get; init; }

    public string Ref { get; init; } = "";

    public string Folder { get; init; } = "";

    public string Checksum { get; init; } = "";

    /// <summary>Null: not said.</summary>
    public bool? KeepGitFolder { get; init; }

    /// <returns>Null: it is no repository, but a URL or a path.</returns>
    /// <exception cref="NaruException">InvalidArgument: a repository with parameters that do not fit.</exception>
    public static GitReference? Parse(string text)
    {
        var hash = text.IndexOf('#');
        var (remote, fragment) = hash < 0 ? (text, "") : (text[..hash], text[(hash + 1)..]);
        var question = remote.IndexOf('?');
        var query = question < 0 ? "" : remote[(question + 1)..];
        remote = question < 0 ? remote : remote[..question];
        if (!IsRepository(remote))
            return null;
        var colon = fragment.IndexOf(':');
        var reference = new GitReference
        {
            Remote = remote,
            Ref = colon < 0 ? fragment : fragment[..colon],
            Folder = colon < 0 ? "" : fragment[(colon + 1)..],
        };
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            reference = reference.With(parameter);
        return reference;
    }

    public GitStep ToStep(string name, Platform platform, bool? keepGitFolder, string checksum)
    {
        if (keepGitFolder is { } asked && KeepGitFolder is { } said && asked != said)
            throw NaruException.Invalid("inconsistent keep-git-dir configuration");
        if (checksum.Length > 0 && Checksum.Length > 0 && checksum != Checksum)
            throw NaruException.Invalid($"checksum mismatch {GoText.Quote(checksum)} != {GoText.Quote(Checksum)}");
        return new GitStep
        {
            Name = name,
            Platform = platform,
            Remote = Remote,
            Ref = Ref,
            Subfolder = Folder,
            KeepGitFolder = KeepGitFolder ?? keepGitFolder ?? false,
            Checksum = Checksum.Length > 0 ? Checksum : checksum,
        };
    }

    private static bool IsRepository(string remote)
    {
        if (remote.StartsWith("git://", StringComparison.Ordinal) || remote.StartsWith("ssh://", StringComparison.Ordinal))
            return true;
        if (remote.StartsWith("http://", StringComparison.Ordinal) || remote.StartsWith("https://", StringComparison.Ordinal))
            return remote.EndsWith(".git", StringComparison.Ordinal);
        // scp's way: user@host:path.
        var at = remote.IndexOf('@');
        var colon = remote.IndexOf(':');
        return at > 0 && colon > at + 1 && colon < remote.Length - 1 && !remote.AsSpan(0, colon).Contains('/') && !remote.AsSpan(0, colon).Contains(' ');
    }

    private GitReference With(string parameter)
    {
        var equals = parameter.IndexOf('=');
        var name = equals < 0 ? parameter : parameter[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(parameter[(equals + 1)..]);
        switch (name)
        {
            case "ref" or "branch" or "tag":
                if (Ref.Length > 0)
                    throw NaruException.Invalid($"ref conflicts: {GoText.Quote(Ref)} and {GoText.Quote(value)}");
                return this with { Ref = name switch { "branch" => "refs/heads/" + value, "tag" => "refs/tags/" + value, _ => value } };
            case "subdir":
                if (Folder.Length > 0 && Folder != value)
                    throw NaruException.Invalid($"subdir conflicts: {GoText.Quote(Folder)} and {GoText.Quote(value)}");
                return this with { Folder = value };
            case "checksum" or "commit":
                return this with { Checksum = value };
            case "keep-git-dir":
                return this with { KeepGitFolder = value.Length == 0 || value is "1" or "true" };
            default:
                throw NaruException.Invalid($"unexpected query {GoText.Quote(name)}");
        }
    }
}
