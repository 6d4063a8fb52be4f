using System.Diagnostics;

namespace Naru.Runc.Tests;

/// <summary>The original engine, in a network namespace of its own, that has naru-runc beside runc.</summary>
public class Dockerd : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process? _process;

    public Dockerd()
        : this("")
    {
    }

    /// <param name="setup">A line of shell before the engine starts, in its mount namespace; it may set FLAGS.</param>
    protected Dockerd(string setup)
    {
        if (Environment.UserName != "root" || Programs.Find("dockerd") is null)
        {
            return;
        }
        Host = $"unix://{_folder["d.sock"]}";
        var start = $"{setup}\nexec {Programs.Original("dockerd")} -H {Host} --data-root {_folder["data"]} --exec-root {_folder["exec"]} -p {_folder["pid"]} --add-runtime naru={Programs.NaruRunc} "
            + $"--bridge none --iptables=false --ip6tables=false $FLAGS >>{_folder["log"]} 2>&1 </dev/null";
        _process = Process.Start("unshare", ["-n", "-m", "--propagation", "slave", "sh", "-c", start]);
        Command.Until(() => Docker("version").Code == 0, "dockerd to answer", 60);
        Command.Must(Path.Combine(Programs.Root, "eng/image"), "busybox:naru", _folder["image.tar"]);
        var loaded = Docker("load", "-i", _folder["image.tar"]);
        Assert.True(loaded.Code == 0, loaded.ToString());
    }

    public string Host { get; } = "";

    public string Folder => _folder.Path;

    public Result Docker(params string[] arguments) => Command.Run(Programs.Original("docker"), ["-H", Host, .. arguments]);

    public void Dispose()
    {
        if (_process is not null)
        {
            Command.Run("/bin/kill", [_process.Id.ToString()]);
            _process.WaitForExit(20_000);
        }
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
