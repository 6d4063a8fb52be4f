using Naru.Base;
using Naru.Build.Graph;
using Naru.Linux;

namespace Naru.Build.Sources;

/// <summary>Fetches one commit, no more of its history than the server makes it, and writes its files with those of its submodules.</summary>
/// <param name="name">The ref's full name, for servers that give no commit by its id; null: it is not known.</param>
internal sealed class GitCheckout(GitProgram git, GitStep step, string tree, string commit, string? name)
{
    private string failure = "";

    public async Task Run(CancellationToken cancel)
    {
        Directory.CreateDirectory(tree, (UnixFileMode)0x1ED);
        await Git(["init", "-q"], cancel);
        await Git(["remote", "add", "--", "origin", step.Remote], cancel);
        if (!await TryFetch(["--depth=1", "--no-tags"], [name is null ? commit : $"+{name}:{LocalName}"], cancel)
            && !await TryFetch([], ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"], cancel))
            throw new NaruException(ErrorKind.Unavailable, $"failed to fetch remote {step.Remote}: {failure}");
        await Git(["checkout", "-q", "--detach", commit, "--"], cancel);
        await Git(["submodule", "update", "--init", "--recursive", "--depth=1"], cancel);
        if (!step.KeepGitFolder)
            RemoveGitFolders(tree);
    }

    /// <summary>As a clone would name it; a tag keeps its name.</summary>
    private string LocalName => name!.StartsWith("refs/heads/", StringComparison.Ordinal) ? "refs/remotes/origin/" + name["refs/heads/".Length..]
        : name == "HEAD" ? "refs/remotes/origin/HEAD" : name;

    private Task<string> Git(IReadOnlyList<string> arguments, CancellationToken cancel) => git.Run(tree, arguments, cancel);

    /// <summary>Whether the commit is there afterwards: a ref may have moved since it was asked for.</summary>
    private async Task<bool> TryFetch(IReadOnlyList<string> options, IReadOnlyList<string> refs, CancellationToken cancel)
    {
        var (code, _, error) = await git.TryRun(tree, ["fetch", "-q", .. options, "--", "origin", .. refs], cancel);
        failure = error.Trim();
        if (code != 0)
            return false;
        return (await git.TryRun(tree, ["cat-file", "-e", commit + "^{commit}"], cancel)).Code == 0;
    }

    /// <summary>The repository's own and what links submodules to it.</summary>
    private static void RemoveGitFolders(string tree)
    {
        using var root = TreeFolder.Open(tree);
        RemoveGitFolders(root);
    }

    private static void RemoveGitFolders(TreeFolder folder)
    {
        folder.RemoveTree(".git"u8);
        foreach (var name in folder.Names())
        {
            if (!folder.TryStatus(name, out var status) || !status.IsFolder)
                continue;
            using var child = folder.Enter(name);
            RemoveGitFolders(child);
        }
    }
}
