using System.Diagnostics;

namespace Naru.Tests.House;

/// <summary>`make install` and `make uninstall`, into a folder of their own.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("naru-install-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_installed_is_named_by_the_units_and_taken_back()
    {
        var built = Directory.CreateDirectory(Path.Combine(_folder, "built")).FullName;
        var programs = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Where(folder => File.Exists(Path.Combine(folder, "Program.cs"))).Select(Path.GetFileName).ToList();
        foreach (var path in programs.Select(program => Path.Combine(built, program!)))
        {
            File.WriteAllText(path, "#!/bin/sh\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        File.WriteAllText(Path.Combine(built, "lib.so"), "");
        var root = Path.Combine(_folder, "root");
        Run("install", built, root, "/usr/bin", "/usr/libexec/naru", "/usr/lib/systemd/system");

        foreach (var program in programs)
            Assert.True(File.Exists(Path.Combine(root, "usr/libexec/naru", program!)), program);
        Assert.Equal("/usr/libexec/naru/naru", new FileInfo(Path.Combine(root, "usr/bin/naru")).LinkTarget);
        Assert.Equal("/usr/libexec/naru/naru-shim", new FileInfo(Path.Combine(root, "usr/bin/containerd-shim-naru-v2")).LinkTarget);
        var service = File.ReadAllText(Path.Combine(root, "usr/lib/systemd/system/narud.service"));
        Assert.Contains("ExecStart=/usr/libexec/naru/narud -H fd://\n", service);
        Assert.DoesNotContain("@", service + File.ReadAllText(Path.Combine(root, "usr/lib/systemd/system/narud.socket")));

        File.WriteAllText(Path.Combine(root, "usr/bin/theirs"), "");
        Run("uninstall", root, "/usr/bin", "/usr/libexec/naru", "/usr/lib/systemd/system");
        Assert.Equal(["theirs"], Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    private static void Run(string script, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "eng", script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
    }
}
