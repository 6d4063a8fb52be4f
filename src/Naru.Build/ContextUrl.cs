using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Build;

/// <summary>A build context that is no folder of the client's: a repository.</summary>
internal static class ContextUrl
{
    /// <param name="url">As the client gave it; empty: its own folder.</param>
    /// <returns>Null: the client's own folder.</returns>
    /// <exception cref="Base.NaruException">InvalidArgument: a URL of something else.</exception>
    public static Step? Parse(string url)
    {
        if (url.Length == 0)
            return null;
        if (GitReference.Parse(url) is not { } git)
            throw new Base.NaruException(Base.ErrorKind.Unimplemented, $"context {UrlCredentials.Hide(url)} is not supported: a URL must be of a git repository");
        return new GitStep
        {
            Name = $"[internal] load git source {UrlCredentials.Hide(url)}",
            Platform = Platform.Host,
            Remote = git.Remote,
            Ref = git.Ref,
            Subfolder = git.Folder,
            Checksum = git.Checksum,
            KeepGitFolder = git.KeepGitFolder ?? false,
        };
    }
}
