using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Naru.Base;

namespace Naru.Build.Sources;

/// <summary>Runs <c>git</c> so that neither this machine's settings nor the repository's decide what it does: an environment of our own, no hooks, no templates, no prompts, no protocols but those of the network.</summary>
/// <param name="home">An empty folder: no settings, no keys.</param>
/// <param name="protocols">As GIT_ALLOW_PROTOCOL has them.</param>
internal sealed class GitProgram(string home, string protocols)
{
    private const int MostOutput = 16 << 20;

    private static readonly string[] Kept =
        ["PATH", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"];

    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.askPass=", "credential.helper=", "init.templateDir=", "init.defaultBranch=master",
        "advice.detachedHead=false", "gc.auto=0", "protocol.ext.allow=never", "safe.directory=*",
    ];

    private readonly Dictionary<string, string> variables = [];

    /// <summary>The client's SSH agent.</summary>
    public string? AgentSocket { get; set; }

    /// <summary>Where the keys of hosts that were met are kept: another key later is refused.</summary>
    public required string KnownHosts { get; init; }

    /// <summary>A setting that nobody may see in the list of processes: a header with a token.</summary>
    public void Configure(string name, string value)
    {
        var number = variables.Count / 2;
        variables[$"GIT_CONFIG_KEY_{number}"] = name;
        variables[$"GIT_CONFIG_VALUE_{number}"] = value;
    }

    /// <summary>Runs git and gives its output.</summary>
    /// <param name="arguments">What may come from a stranger follows a <c>--</c> or was checked.</param>
    /// <exception cref="NaruException">Unavailable: git failed, with its words; FailedPrecondition: there is no git.</exception>
    public async Task<string> Run(string? folder, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var (code, output, error) = await TryRun(folder, arguments, cancel);
        return code == 0 ? output : throw new NaruException(ErrorKind.Unavailable, $"git {arguments[0]}: {Words(error)}: exit status {code}");
    }

    /// <inheritdoc cref="Run"/>
    public async Task<(int Code, string Output, string Error)> TryRun(string? folder, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        using var process = Start(folder, arguments);
        await using var stop = cancel.Register(() => Kill(process));
        process.StandardInput.Close();
        var output = ReadSome(process.StandardOutput.BaseStream);
        var error = ReadSome(process.StandardError.BaseStream);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return (process.ExitCode, await output, await error);
    }

    private Process Start(string? folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? home,
        };
        foreach (var setting in Settings)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(setting);
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Fill(start.Environment);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, "git is not installed on this machine");
        }
    }

    private void Fill(IDictionary<string, string?> environment)
    {
        environment.Clear();
        foreach (var name in Kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        environment["HOME"] = home;
        environment["LC_ALL"] = "C";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_ALLOW_PROTOCOL"] = protocols;
        environment["GIT_LFS_SKIP_SMUDGE"] = "1";
        environment["GIT_SSH_COMMAND"] =
            $"ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile='{KnownHosts}' -o GlobalKnownHostsFile=/dev/null";
        environment["GIT_SSH_VARIANT"] = "ssh";
        if (AgentSocket is not null)
            environment["SSH_AUTH_SOCK"] = AgentSocket;
        environment["GIT_CONFIG_COUNT"] = (variables.Count / 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, value) in variables)
            environment[name] = value;
    }

    /// <summary>What a server sends is shown, but never without end.</summary>
    private static async Task<string> ReadSome(Stream stream)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            if (all.Length < MostOutput)
                all.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
    }

    private static string Words(string error)
    {
        var words = error.Trim();
        return words.Length <= 2000 ? words : words[^2000..];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
