using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Linux;
using Naru.Oci;

namespace Naru.System.Tests.Build;

/// <summary>A copy into an overlay, with new folders written to its upper folder, gives what a copy through the mount gives.</summary>
public sealed class OverlayCopyTests : IDisposable
{
    private readonly CopyRoom room = new();

    public OverlayCopyTests()
    {
        foreach (var name in (string[])["a", "d/f", "d/e/g", "d/e/h/i", "d/old/j"])
            room.With(room.Source, name, name);
        using var folder = TreeFolder.Open(Path.Combine(room.Source, "d"));
        using var below = folder.Enter("e"u8);
        Assert.True(below.TryLink("f2"u8, folder, "f"u8));
        Assert.True(below.TryLink("g2"u8, below, "g"u8));
        folder.SetMode("e"u8, 0x1C9);
        folder.SetTime("e"u8, 1_000_000_000, 0);
    }

    [Theory]
    [InlineData("/d", "/app")]
    [InlineData("/d", "/app/")]
    [InlineData("/d", "/new/place")]
    [InlineData("/", "/app/x/")]
    [InlineData("/d/*", "/new/")]
    [InlineData("/a", "/new/")]
    public void Both_ways_give_the_same(string source, string target)
    {
        Assert.Equal(Copied("plain", source, target, direct: false), Copied("direct", source, target, direct: true));
    }

    public void Dispose() => room.Dispose();

    /// <summary>What is in the overlay afterwards, mounted anew, and in its upper folder.</summary>
    private string Copied(string name, string source, string target, bool direct)
    {
        var folders = Path.Combine(room.Target, name);
        foreach (var one in (string[])["lower/app/old", "upper", "work", "mount"])
            Directory.CreateDirectory(Path.Combine(folders, one));
        File.WriteAllText(Path.Combine(folders, "lower/app/old/kept"), "kept");
        File.WriteAllText(Path.Combine(folders, "lower/app/f"), "replaced");
        var (mount, upper) = (Path.Combine(folders, "mount"), Path.Combine(folders, "upper"));
        var options = $"lowerdir={folders}/lower,upperdir={upper},workdir={folders}/work";
        Mounts.Mount("overlay", mount, "overlay", MountFlags.None, options);
        try
        {
            FileActions.Apply(
                new FileStep { Name = "step", Platform = Platform.Host, Actions = [CopyRoom.Copy(source, target), CopyRoom.Copy("/d", target + "/again/")] },
                mount, _ => new SourceTree { Folder = room.Source }, new FileActionOptions { Upper = direct ? upper : null }, default);
        }
        finally
        {
            Unmount(mount);
        }

        Mounts.Mount("overlay", mount, "overlay", MountFlags.None, options);
        try
        {
            return List(mount) + List(upper);
        }
        finally
        {
            Unmount(mount);
        }
    }

    /// <summary>Unmounts, once nobody has anything of it open: a program that another test starts has this one's descriptors until its exec.</summary>
    private static void Unmount(string mount)
    {
        for (var end = DateTime.UtcNow.AddSeconds(10); ;)
        {
            try
            {
                Mounts.Unmount(mount);
                return;
            }
            catch (LinuxException e) when (e.Number == Errno.EBUSY && DateTime.UtcNow < end)
            {
                Thread.Yield();
            }
        }
    }

    private static string List(string folder)
    {
        using var tree = new TreeReader(folder);
        var text = "";
        foreach (var entry in tree.Walk())
        {
            var old = entry.Metadata.Seconds == 1_000_000_000;
            var path = Convert.ToHexString(entry.Path);
            text += $"{path} {entry.Kind} {entry.Metadata.Mode:x} {entry.Size} {(entry.Kind == TreeEntryKind.File ? entry.Links : 0)} {old} {entry.Xattrs.Count}\n";
        }

        return text;
    }
}
