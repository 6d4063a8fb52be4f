using Naru.Engine.Rootfs;

namespace Naru.Tests.Engine;

public sealed class LayerChangesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-diff-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Added_and_changed_paths_and_their_folders_are_told_and_mount_points_are_not()
    {
        Write("lower/etc/passwd", "x");
        Write("lower/etc/group", "x");
        Write("upper/etc/passwd", "xy");
        Write("upper/etc/hosts", "");
        Write("upper/.dockerenv", "");
        Write("upper/new/sub/file", "x");
        Directory.CreateDirectory(Path.Combine(folder, "upper/proc"));
        var changes = LayerChanges.Read(Path.Combine(folder, "upper"), [Path.Combine(folder, "lower")]);
        Assert.Equal(["0 /etc", "0 /etc/passwd", "1 /new", "1 /new/sub", "1 /new/sub/file"], changes.Select(change => $"{change.Kind} {change.Path}"));
    }

    [Fact]
    public void A_file_with_content_in_a_mount_points_place_is_a_change()
    {
        Directory.CreateDirectory(Path.Combine(folder, "lower"));
        Write("upper/etc/hosts", "127.0.0.1 here");
        var changes = LayerChanges.Read(Path.Combine(folder, "upper"), [Path.Combine(folder, "lower")]);
        Assert.Contains(changes, change => change is { Path: "/etc/hosts", Kind: 1 });
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
