using System.Text;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Build.Progress;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build.Sources;

/// <summary>Commits of git repositories, by the machine's <c>git</c>. A ref is asked for first, so that a commit that is here already is not fetched.</summary>
/// <remarks>
/// <code>
/// folder/known_hosts        keys of ssh hosts that were met
/// folder/home/              empty: what git takes for the user's
/// folder/trees/KEY/tree/    a commit's files, with .git where that is kept
/// folder/trees/KEY/whole    there when they all are
/// </code>
/// KEY stands for repository, commit and whether .git stays. Names, refs and what is in the repository are a stranger's.
/// </remarks>
internal sealed class GitSource(string folder, string protocols = GitSource.NetworkProtocols)
{
    private const string NetworkProtocols = "http:https:git:ssh";
    private const long MostBytes = 4L << 30;

    private readonly KeptFolders folders = new(Path.Combine(folder, "trees"), MostBytes);

    /// <summary>The folder of the commit that the step means, and a digest of what determines it.</summary>
    /// <exception cref="NaruException">InvalidArgument: what cannot be a repository or ref. NotFound: no such ref or folder. Unavailable: git failed, in its words.</exception>
    public async Task<(Digest Identity, ContextFolder Folder)> Fetch(GitStep step, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        CheckRemote(step.Remote);
        GitRefs.Check(step.Ref);
        // What is kept for one password is not for another.
        var asked = step;
        step = new GitStep
        {
            Name = asked.Name,
            Platform = asked.Platform,
            Remote = UrlCredentials.Split(asked.Remote, out var credentials),
            Ref = asked.Ref,
            Subfolder = asked.Subfolder,
            KeepGitFolder = asked.KeepGitFolder,
            Checksum = asked.Checksum,
        };
        var home = Path.Combine(folder, "home");
        Directory.CreateDirectory(home, (UnixFileMode)0x1C0);
        var git = new GitProgram(home, protocols) { KnownHosts = Path.Combine(folder, "known_hosts") };
        await Authorize(git, step.Remote, credentials, session, cancel);
        await using var agent = await Agent(git, step.Remote, session, cancel);
        var (commit, name) = await Resolve(git, step, cancel);
        if (!commit.StartsWith(step.Checksum, StringComparison.Ordinal))
            throw NaruException.Invalid($"expected checksum to match {step.Checksum}, got {commit}");
        using var kept = await folders.Hold(Key("tree", asked, commit, "").Hex, cancel);
        var whole = Path.Combine(kept.Path, "whole");
        var tree = Path.Combine(kept.Path, "tree");
        if (!File.Exists(whole))
        {
            watcher.Begin($"fetching {step.Remote}");
            if (Directory.Exists(tree))
                KeptFolders.Remove(tree);
            await new GitCheckout(git, step, tree, commit, name).Run(cancel);
            await File.WriteAllBytesAsync(whole, [], cancel);
            watcher.Finish();
        }

        var path = Subfolder(tree, step.Subfolder);
        var release = kept.Keep();
        folders.Trim();
        return (Key("git", asked, commit, step.Subfolder), new ContextFolder(path, null, release) { Revision = commit });
    }

    /// <summary>What is kept, to be counted and pruned.</summary>
    public KeptFolders Kept => folders;

    private static Digest Key(string what, GitStep step, string commit, string subfolder)
    {
        var writer = new DefinitionWriter();
        writer.Add(what);
        writer.Add(step.Remote);
        writer.Add(commit);
        writer.Add(step.KeepGitFolder);
        writer.Add(subfolder.Trim('/'));
        return writer.Finish();
    }

    private static void CheckRemote(string remote)
    {
        // «ext::», «fd::» and their like run programs; git's own list of protocols refuses them too.
        if (remote.Length == 0 || remote[0] == '-' || remote.Contains("::", StringComparison.Ordinal) || remote.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
            throw NaruException.Invalid($"invalid git repository {GoText.Quote(UrlCredentials.Hide(remote))}");
        // ssh reads a host that begins so as an option (CVE-2017-1000117).
        var host = remote.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? remote[(scheme + 3)..] : remote;
        var user = host.IndexOf('@');
        if (host.StartsWith('-') || (user >= 0 && host.AsSpan(user + 1).StartsWith("-")))
            throw NaruException.Invalid($"invalid git repository {GoText.Quote(UrlCredentials.Hide(remote))}");
    }

    private static async Task<(string Commit, string? Name)> Resolve(GitProgram git, GitStep step, CancellationToken cancel)
    {
        if (GitRefs.IsCommit(step.Ref))
            return (step.Ref, null);
        string[] wanted = step.Ref.Length == 0 ? ["HEAD"] : [step.Ref, step.Ref + "^{}"];
        var output = await git.Run(null, ["ls-remote", "--", step.Remote, .. wanted], cancel);
        return GitRefs.Find(output, step.Ref)
            ?? throw NaruException.NotFound($"repository does not contain ref {(step.Ref.Length == 0 ? "HEAD" : step.Ref)}, output: {GoText.Quote(output)}");
    }

    /// <summary>The URL's own, else the client's secrets GIT_AUTH_HEADER and GIT_AUTH_TOKEN, of the host or of all: as a setting, since the list of processes shows URLs.</summary>
    private static async Task Authorize(GitProgram git, string remote, string? credentials, IBuildSession session, CancellationToken cancel)
    {
        if (!Uri.TryCreate(remote, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return;
        if (credentials is not null)
        {
            git.Configure($"http.{url.Scheme}://{url.Authority}/.extraHeader", "Authorization: basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
            return;
        }

        var header = await session.Secret($"GIT_AUTH_HEADER.{url.Authority}", cancel) ?? await session.Secret("GIT_AUTH_HEADER", cancel);
        var text = header is null ? null : Encoding.UTF8.GetString(header).Trim();
        if (text is null && (await session.Secret($"GIT_AUTH_TOKEN.{url.Authority}", cancel) ?? await session.Secret("GIT_AUTH_TOKEN", cancel)) is { } token)
            text = "basic " + Convert.ToBase64String([.. "x-access-token:"u8, .. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(token).Trim())]);
        if (text is { Length: > 0 } && text.AsSpan().IndexOfAny('\n', '\r') < 0)
            git.Configure($"http.{url.Scheme}://{url.Authority}/.extraHeader", $"Authorization: {text}");
    }

    private async Task<AgentForwarder?> Agent(GitProgram git, string remote, IBuildSession session, CancellationToken cancel)
    {
        if (remote.StartsWith("http", StringComparison.Ordinal) || remote.StartsWith("git://", StringComparison.Ordinal) || protocols != NetworkProtocols)
            return null;
        await using (var first = await session.SshAgent("default", cancel))
        {
            if (first is null)
                return null;
        }

        git.AgentSocket = Path.Combine(Path.GetTempPath(), $"naru-agent-{Guid.NewGuid():N}.sock");
        return new AgentForwarder(git.AgentSocket, 0, 0, 0x180, token => session.SshAgent("default", token));
    }

    /// <summary>Where a folder of the tree really is: its links lead inside the tree only.</summary>
    private static string Subfolder(string tree, string subfolder)
    {
        if (subfolder.Trim('/').Length == 0)
            return tree;
        using var root = TreeFolder.Open(tree);
        try
        {
            using var place = TreePath.Resolve(root, Encoding.UTF8.GetBytes(subfolder));
            if (place.IsFolder)
                return Path.Combine(tree, Encoding.UTF8.GetString(place.Path));
        }
        catch (LinuxException)
        {
            // As if it were not there.
        }

        throw NaruException.NotFound($"the repository has no folder {GoText.Quote(subfolder)}");
    }
}
