using System.Net.Sockets;

namespace Naru.Chain.Tests;

/// <summary>What a build says that cannot be: BuildKit's words, each compared with its own (docs/deviations.md names those that differ).</summary>
public sealed class BuildErrorTests(Engine engine) : IClassFixture<Engine>
{
    /// <summary>Dockerfiles below FROM busybox:naru, and what the build's last line and its failed step say.</summary>
    [ChainTheory]
    [InlineData("COPY nope /", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/nope\": not found", "failed to calculate checksum of ref naru::*: \"/nope\": not found")]
    [InlineData("COPY file nope /x/", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/nope\": not found", "failed to calculate checksum of ref naru::*: \"/nope\": not found")]
    [InlineData("COPY ../../../etc/passwd /", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/etc/passwd\": not found", null)]
    [InlineData("COPY ignored /", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/ignored\": not found", null)]
    [InlineData("ADD nope.tar /", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/nope.tar\": not found", null)]
    [InlineData("RUN --mount=type=bind,source=/nope,target=/x true", "failed to compute cache key: failed to calculate checksum of ref naru::*: \"/nope\": not found", null)]
    [InlineData("ADD http://127.0.0.1:1/x /", "failed to load cache key: Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused", "Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused")]
    [InlineData("RUN exit 42", "process \"/bin/sh -c exit 42\" did not complete successfully: exit code: 42", "process \"/bin/sh -c exit 42\" did not complete successfully: exit code: 42")]
    [InlineData("RUN sh -c 'kill -9 $$'; exit $?", "process \"/bin/sh -c sh -c 'kill -9 $$'; exit $?\" did not complete successfully: exit code: 137", null)]
    [InlineData("RUN [\"no-such\", \"x\"]", "process \"no-such x\" did not complete successfully: exit code: 1", null)]
    [InlineData("RUN [\"/bin\"]", "process \"/bin\" did not complete successfully: exit code: 1", null)]
    [InlineData("USER nobodyhere\nRUN true", "process \"/bin/sh -c true\" did not complete successfully: unable to find user nobodyhere: no matching entries in passwd file", null)]
    [InlineData("USER 0:nobodies\nRUN true", "process \"/bin/sh -c true\" did not complete successfully: unable to find group nobodies: no matching entries in group file", null)]
    [InlineData("RUN --mount=type=ssh,required true", "unset ssh forward key default", null)]
    [InlineData("RUN --mount=type=secret,id=k,required true", "secret k: not found", null)]
    [InlineData("COPY --chmod=9z file /", "invalid chmod parameter: '9z'. it should be octal string and between 0 and 07777", null)]
    [InlineData("COPY --chmod=u+q file /", "invalid syntax", null)]
    [InlineData("COPY --from=nothing.invalid/x /a /", "nothing.invalid/x: failed to resolve source metadata for nothing.invalid/x:latest: *", null)]
    [InlineData("WORKDIR /bin/busybox", "mkdir /bin/busybox: not a directory", null)]
    public void A_failure_is_told_as_BuildKit_tells_it(string instructions, string error, string? step)
    {
        var build = Context(Name(), "FROM busybox:naru\n" + instructions + "\n");
        build["file"] = "f";
        build["ignored"] = "i";
        build[".dockerignore"] = "ignored\n";
        var result = build.Build();
        Assert.Equal(1, result.Code);
        var lines = result.Error.TrimEnd().Split('\n');
        Assert.Matches(Pattern("ERROR: failed to build: failed to solve: " + error), lines[^1]);
        if (step is not null)
            Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, Pattern("#[0-9]+ ERROR: " + step)));
        // The last line of the Dockerfile is the one to blame.
        var last = instructions.Split('\n')[^1];
        Assert.Contains(lines, line => line.EndsWith($"| >>> {last}", StringComparison.Ordinal));
    }

    [ChainFact]
    public void A_program_that_cannot_be_started_is_told_by_the_runtime_once()
    {
        var result = Context("start", "FROM busybox:naru\nRUN [\"no-such\"]\n").Build();
        const string said = "runc run failed: unable to start container process: error during container init: exec: \"no-such\": executable file not found in $PATH";
        var heard = result.Error.Split('\n').Where(line => line.StartsWith("#5 ", StringComparison.Ordinal) && line.Contains("runc run", StringComparison.Ordinal)).ToArray();
        Assert.EndsWith(said, Assert.Single(heard), StringComparison.Ordinal);
        Assert.DoesNotContain("failed: runc run failed:", result.Error, StringComparison.Ordinal);
    }

    [ChainTheory]
    [InlineData("FROM busybox:naru AS a\nCOPY --from=b /x /\nFROM busybox:naru AS b\nCOPY --from=a /x /\nFROM a\n", "dockerfile parse error", "circular dependency detected on stage: a", new[] { 4, 2 })]
    [InlineData("FROM busybox:naru AS a\nCOPY --from=a /x /\n", "dockerfile parse error", "circular dependency detected on stage: a", new[] { 2 })]
    public void Stages_that_wait_for_each_other_are_shown_where_they_do(string dockerfile, string _, string error, int[] lines)
    {
        var result = Context(Name(), dockerfile).Build();
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Equal(lines.Select(line => $"Dockerfile:{line}"), result.Error.Split('\n').Where(line => line.StartsWith("Dockerfile:", StringComparison.Ordinal)));
    }

    [ChainFact]
    public void Warnings_are_told_of_a_build_that_fails_too()
    {
        var result = Context("warned", "ARG X\nFROM $X\n").Build();
        Assert.Contains("1 warning found (use naru --debug to expand)", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("ERROR: failed to build: failed to solve: base name ($X) should not be blank\n", result.Error, StringComparison.Ordinal);
    }

    [ChainFact]
    public void What_is_asked_for_and_is_not_there_is_named()
    {
        var build = Context("asked", "FROM busybox:naru AS one\n");
        Assert.Contains("ERROR: failed to build: failed to solve: target stage \"two\" could not be found", build.Build("--target", "two").Error, StringComparison.Ordinal);
        Assert.Contains("ERROR: failed to build: failed to solve: target stage \"onee\" could not be found (did you mean one?)", build.Build("--target", "onee").Error, StringComparison.Ordinal);
        Assert.NotEqual(0, engine.Naru("build", build.Folder + "/nothing").Code);
        Assert.Contains("nothing", engine.Naru("build", "-f", build.Folder + "/nothing", build.Folder).Error, StringComparison.Ordinal);
    }

    [ChainFact]
    public void Odd_files_of_a_context_are_copied_as_BuildKit_does()
    {
        var build = Context("odd", "\ufeffFROM busybox:naru\r\nCOPY . /c\r\nRUN ls -1 /c | wc -l > /count && \\\r\n  stat -c %F /c/pipe /c/sock > /kinds\r\n");
        Command.Must("mkfifo", Path.Combine(build.Folder, "pipe"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(build.Folder, "sock")));
        build["new\nline"] = "n";
        build["quote\"back\\slash\ttab"] = "q";
        build["secret"] = "s";
        File.SetUnixFileMode(Path.Combine(build.Folder, "secret"), UnixFileMode.UserRead);
        build.Must();
        Assert.Equal("fifo\nregular empty file", engine.Must("run", "--rm", "odd", "cat", "/kinds"));
        Assert.Equal("6", engine.Must("run", "--rm", "odd", "cat", "/count"));
        Assert.Equal("n", engine.Must("run", "--rm", "odd", "cat", "/c/new\nline"));

        // A name that is no text cannot be sent; one that is left out does no harm.
        Command.Must("sh", "-c", $"touch '{build.Folder}/'$(printf '\\377\\376')");
        var refused = build.Build();
        Assert.Contains("error from sender: the name \"", refused.Error, StringComparison.Ordinal);
        Assert.Contains(" > [internal] load build context:", refused.Error, StringComparison.Ordinal);
        build["Dockerfile"] = "FROM busybox:naru\nCOPY new* /\n";
        build.Must();
    }

    [ChainFact]
    public void A_Dockerfile_may_be_large_and_still_its_errors_are_shown()
    {
        var comment = string.Concat(Enumerable.Repeat("# " + new string('c', 998) + "\n", 400));
        var build = Context("large", comment + "FROM busybox:naru\nRUN : " + new string('a', 3_000_000) + "\n" + comment);
        var result = build.Build();
        Assert.Equal(1, result.Code);
        Assert.Contains("argument list too long", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nDockerfile:402\n", result.Error, StringComparison.Ordinal);
        Assert.Contains(" 402 | >>> RUN : aaaa", result.Error, StringComparison.Ordinal);
        build["Dockerfile"] = comment + "FROM busybox:naru\nRUN echo a\0b\n";
        Assert.Contains("dockerfile parse error on line 402: the line has a NUL byte", build.Build().Error, StringComparison.Ordinal);
    }

    /// <summary>POST /build, as a client without BuildKit asks.</summary>
    [ChainTheory]
    [InlineData("COPY nope /", "COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist")]
    [InlineData("ADD nope.tar /", "ADD failed: file not found in build context or excluded by .dockerignore: stat nope.tar: file does not exist")]
    [InlineData("COPY --from=busybox:naru /nope /", "COPY failed: stat nope: file does not exist")]
    [InlineData("USER nobodyhere\nRUN true", "unable to find user nobodyhere: no matching entries in passwd file")]
    [InlineData("RUN exit 42", "The command '/bin/sh -c exit 42' returned a non-zero code: 42")]
    public void The_classic_builder_has_words_of_its_own(string instructions, string error)
    {
        var build = Context(Name(), "FROM busybox:naru\n" + instructions + "\n");
        Command.Must("tar", "-cf", engine.Folder["classic.tar"], "-C", build.Folder, "Dockerfile");
        var said = Command.Must("curl", "-sS", "--max-time", "30", "--unix-socket", engine.Folder["naru.sock"], "-X", "POST", "-H", "Content-Type: application/x-tar", "--data-binary", "@" + engine.Folder["classic.tar"], "http://naru/v1.51/build");
        using var last = System.Text.Json.JsonDocument.Parse(said.Split('\n')[^1]);
        Assert.Equal(error, last.RootElement.GetProperty("error").GetString());
    }

    [ChainFact]
    public void A_program_for_another_machine_says_so()
    {
        var build = Context("foreign", "FROM busybox:naru\nCOPY --chmod=755 foreign /foreign\nRUN [\"/foreign\"]\n");
        build["foreign"] = "no program\n";
        var result = build.Build();
        Assert.Contains("exec /foreign: exec format error", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("process \"/foreign\" did not complete successfully: exit code: 255\n", result.Error, StringComparison.Ordinal);
    }

    private BuildContext Context(string name, string dockerfile) => new(engine, name, dockerfile);

    private static string Name() => "error-" + Guid.NewGuid().ToString("N")[..8];

    private static string Pattern(string text) => "^" + System.Text.RegularExpressions.Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal).Replace("#\\[0-9]\\+", "#[0-9]+", StringComparison.Ordinal) + "$";
}
