using System.Diagnostics;
using Naru.Api;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Build.Sources;
using Naru.Oci;

namespace Naru.Tests.Build.Sources;

public sealed class GitSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-git-").FullName;
    private readonly GitSource source;
    private readonly string remote;

    public GitSourceTests()
    {
        source = new GitSource(Path.Combine(folder, "kept"), "file");
        remote = Path.Combine(folder, "remote");
        Directory.CreateDirectory(Path.Combine(remote, "sub"));
        Git("init", "-q", "-b", "main");
        File.WriteAllText(Path.Combine(remote, "a"), "one");
        File.WriteAllText(Path.Combine(remote, "sub/b"), "below");
        File.CreateSymbolicLink(Path.Combine(remote, "out"), "/");
        Git("add", "-A");
        Git("commit", "-q", "-m", "first");
        Git("tag", "-a", "-m", "tagged", "v1");
        File.WriteAllText(Path.Combine(remote, "a"), "two");
        Git("commit", "-q", "-a", "-m", "second");
        Git("branch", "other", "v1");
    }

    [Theory]
    [InlineData("", "two")]
    [InlineData("main", "two")]
    [InlineData("refs/heads/main", "two")]
    [InlineData("v1", "one")]
    [InlineData("refs/tags/v1", "one")]
    [InlineData("other", "one")]
    public async Task A_ref_is_the_commit_it_stands_for(string name, string content)
    {
        using var fetched = await Fetch(name);
        Assert.Equal(content, File.ReadAllText(Path.Combine(fetched.Path, "a")));
        Assert.False(Directory.Exists(Path.Combine(fetched.Path, ".git")));
    }

    [Fact]
    public async Task A_commit_needs_no_name()
    {
        var commit = Git("rev-parse", "HEAD~1").Trim();
        using var fetched = await Fetch(commit);
        Assert.Equal("one", File.ReadAllText(Path.Combine(fetched.Path, "a")));
    }

    [Fact]
    public async Task Two_names_of_a_commit_are_the_same_and_a_moved_ref_is_not()
    {
        var before = await Identity("main");
        Assert.Equal(before, await Identity("refs/heads/main"));
        Assert.NotEqual(before, await Identity("other"));
        File.WriteAllText(Path.Combine(remote, "a"), "three");
        Git("commit", "-q", "-a", "-m", "third");
        Assert.NotEqual(before, await Identity("main"));
    }

    [Fact]
    public async Task The_git_folder_stays_if_asked()
    {
        using var fetched = await Fetch("main", keep: true);
        Assert.True(Directory.Exists(Path.Combine(fetched.Path, ".git")));
        Assert.Contains(remote, File.ReadAllText(Path.Combine(fetched.Path, ".git/config")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_it_is_the_root()
    {
        using var fetched = await Fetch("main", subfolder: "/sub/");
        Assert.Equal("below", File.ReadAllText(Path.Combine(fetched.Path, "b")));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(fetched.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("out/etc")]
    [InlineData("../..")]
    [InlineData("a")]
    public async Task A_folder_outside_is_not_found_or_is_the_root(string subfolder)
    {
        if (subfolder == "../..")
        {
            using var fetched = await Fetch("main", subfolder: subfolder);
            Assert.True(File.Exists(Path.Combine(fetched.Path, "sub/b")));
            return;
        }

        var failure = await Assert.ThrowsAsync<NaruException>(() => Fetch("main", subfolder: subfolder));
        Assert.Equal(ErrorKind.NotFound, failure.Kind);
    }

    [Fact]
    public async Task A_checksum_must_be_the_commits()
    {
        var commit = Git("rev-parse", "HEAD").Trim();
        (await Fetch("main", checksum: commit)).Dispose();
        (await Fetch("main", checksum: commit[..8])).Dispose();
        var wrong = new string('0', 40);
        var failure = await Assert.ThrowsAsync<NaruException>(() => Fetch("main", checksum: wrong));
        Assert.Equal($"expected checksum to match {wrong}, got {commit}", failure.Message);
    }

    [Fact]
    public async Task A_ref_that_is_not_there_is_named()
    {
        var failure = await Assert.ThrowsAsync<NaruException>(() => Fetch("nope"));
        Assert.StartsWith("repository does not contain ref nope", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/naru-pwned")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a\nb")]
    public async Task A_ref_that_git_would_take_for_something_else_is_refused(string name) =>
        Assert.Equal(ErrorKind.InvalidArgument, (await Assert.ThrowsAsync<NaruException>(() => Fetch(name))).Kind);

    [Theory]
    [InlineData("--upload-pack=touch")]
    [InlineData("ext::sh -c true")]
    [InlineData("ext::true")]
    [InlineData("ssh://-oProxyCommand=true/x")]
    [InlineData("git@-oProxyCommand=true:x")]
    [InlineData("")]
    public async Task A_repository_that_would_run_something_is_refused(string url) =>
        Assert.Equal(ErrorKind.InvalidArgument, (await Assert.ThrowsAsync<NaruException>(() => Fetch("", url: url))).Kind);

    [Fact]
    public async Task A_repository_on_this_machine_is_not_the_builders_to_read()
    {
        var network = new GitSource(Path.Combine(folder, "network"));
        var failure = await Assert.ThrowsAsync<NaruException>(() => network.Fetch(Step("main"), new NoClient(), HttpSourceTests.Watcher(), default));
        Assert.Contains("transport 'file' not allowed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_the_URL_is_sent_and_is_seen_nowhere_else()
    {
        var seen = new List<string>();
        using var server = new SmallServer(_ =>
        {
            foreach (var process in Directory.EnumerateDirectories("/proc"))
            {
                try
                {
                    var words = File.ReadAllText(process + "/cmdline");
                    if (words.Contains("git", StringComparison.Ordinal) && words.Contains("w0rd-of-the-test", StringComparison.Ordinal))
                        seen.Add(words);
                }
                catch (IOException)
                {
                    // No process, or it has ended.
                }
            }

            return SmallServer.Answer("403 Forbidden", "no");
        });
        var network = new GitSource(Path.Combine(folder, "network"));
        var failure = await Assert.ThrowsAsync<NaruException>(() => network.Fetch(Step("main", url: server.Url.Replace("http://", "http://me:w0rd-of-the-test@", StringComparison.Ordinal) + "/x.git"), new NoClient(), HttpSourceTests.Watcher(), default));
        Assert.Contains("Authorization: basic " + Convert.ToBase64String("me:w0rd-of-the-test"u8), Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("w0rd", failure.Message, StringComparison.Ordinal);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task Hooks_and_settings_of_the_machine_do_not_count()
    {
        var hook = Path.Combine(remote, ".git/hooks/post-checkout");
        File.WriteAllText(hook, $"#!/bin/sh\ntouch {folder}/ran\n");
        File.SetUnixFileMode(hook, (UnixFileMode)0x1ED);
        (await Fetch("main")).Dispose();
        Assert.False(File.Exists(Path.Combine(folder, "ran")));
    }

    [Fact]
    public async Task Submodules_come_along()
    {
        var module = Path.Combine(folder, "module");
        Directory.CreateDirectory(module);
        Run(module, "init", "-q", "-b", "main");
        File.WriteAllText(Path.Combine(module, "m"), "module");
        Run(module, "add", "-A");
        Run(module, "commit", "-q", "-m", "module");
        Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", module, "mod");
        Git("commit", "-q", "-a", "-m", "with a module");
        using var fetched = await Fetch("main");
        Assert.Equal("module", File.ReadAllText(Path.Combine(fetched.Path, "mod/m")));
        Assert.False(File.Exists(Path.Combine(fetched.Path, "mod/.git")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Run(string where, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = where, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false", .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private string Git(params string[] arguments) => Run(remote, arguments);

    private GitStep Step(string name, string subfolder = "", bool keep = false, string checksum = "", string? url = null) => new()
    {
        Name = "step",
        Platform = Platform.Host,
        Remote = url ?? "file://" + remote,
        Ref = name,
        Subfolder = subfolder,
        KeepGitFolder = keep,
        Checksum = checksum,
    };

    private async Task<ContextFolder> Fetch(string name, string subfolder = "", bool keep = false, string checksum = "", string? url = null) =>
        (await source.Fetch(Step(name, subfolder, keep, checksum, url), new NoClient(), HttpSourceTests.Watcher(), default)).Folder;

    private async Task<Digest> Identity(string name)
    {
        var (identity, fetched) = await source.Fetch(Step(name), new NoClient(), HttpSourceTests.Watcher(), default);
        fetched.Dispose();
        return identity;
    }

    /// <summary>A client that has nothing.</summary>
    private sealed class NoClient : IBuildSession
    {
        public string SharedKey => "";

        public Task<ContextFolder> Receive(ContextStep step, Action<long> progress, CancellationToken cancel) => throw new InvalidOperationException();

        public Task<byte[]?> Secret(string id, CancellationToken cancel) => Task.FromResult<byte[]?>(null);

        public Task<Stream?> SshAgent(string id, CancellationToken cancel) => Task.FromResult<Stream?>(null);

        public Task<AuthConfig?> Credentials(string registry, CancellationToken cancel) => Task.FromResult<AuthConfig?>(null);

        public Task<Stream> OpenOutput(int number, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel) => throw new InvalidOperationException();

        public Task SendFolder(int number, string folder, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel) => throw new InvalidOperationException();

        public SessionContent Content(string store) => throw new InvalidOperationException();
    }
}
