namespace Naru.Runc.Tests;

/// <summary>What checkpoint refuses, with and without CRIU; what it does is in Naru.Vm.Tests.</summary>
public sealed class CheckpointCommandTests
{
    private readonly string _id = $"ncc-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void Flags_that_cannot_be_are_refused_and_the_container_goes_on()
    {
        using var counter = new CountingContainer(_id);
        foreach (var (flags, message) in new (string[], string)[]
        {
            (["--page-server", "foo"], "Use --page-server ADDRESS:PORT to specify page server"),
            (["--page-server", "foo:bar"], "Invalid port number"),
            (["--manage-cgroups-mode", "x"], "invalid manage-cgroups-mode value"),
            (["--empty-ns", "pid"], "namespace \\\"pid\\\" is not supported"),
            (["--parent-path", "/absolute"], "--parent-path must be relative"),
            (["--status-fd", "7"], "--status-fd is of use with --lazy-pages only"),
        })
        {
            var result = counter.Run(["checkpoint", "--image-path", counter.Images, .. flags, _id]);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
        }
        Assert.False(Directory.Exists(counter.Images));
        counter.AwaitMoreThan(counter.Count() + 1);
    }

    [ChainFact]
    public void Without_CRIU_that_is_the_error_and_the_container_goes_on()
    {
        using var counter = new CountingContainer(_id);
        const string message = "CRIU version check failed: exec: \\\"criu\\\": executable file not found in $PATH";
        var nowhere = new Dictionary<string, string?> { ["PATH"] = "/nowhere" };
        var result = Command.Run(Programs.NaruRunc, ["--root", counter.Bundle.State, "checkpoint", "--image-path", counter.Images, _id], environment: nowhere, folder: counter.Bundle.At);
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
        counter.AwaitMoreThan(counter.Count() + 1);
        counter.Must("delete", "--force", _id);
        Assert.Contains(message, Command.Run(Programs.NaruRunc, ["--root", counter.Bundle.State, "restore", "--image-path", counter.Images, _id], environment: nowhere, folder: counter.Bundle.At).Error);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
    }
}
