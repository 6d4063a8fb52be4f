using Naru.Base;
using Naru.Build.Graph;
using Naru.Linux;

namespace Naru.System.Tests.Build;

public sealed class OwnersTests : IDisposable
{
    private readonly CopyRoom room = new();

    public OwnersTests() => room.With(room.Source, "a").With(room.Target, "etc/passwd", "root:x:0:0::/:/bin/sh\nwww:x:33:34::/:/bin/sh\n").With(room.Target, "etc/group", "root:x:0:\nstaff:x:50:\n");

    /// <summary>As BuildKit 0.25 was seen to do.</summary>
    [Theory]
    [InlineData("5", 5, 5)]
    [InlineData("5:6", 5, 6)]
    [InlineData("www", 33, 34)]
    [InlineData("www:staff", 33, 50)]
    [InlineData("www:root", 33, 0)]
    [InlineData("www:nogrp", 33, 34)]
    [InlineData("5:nogrp", 5, 5)]
    [InlineData("nouser", 0, 0)]
    [InlineData("nouser:staff", 0, 50)]
    [InlineData(":staff", 0, 50)]
    [InlineData("www:", 33, 0)]
    [InlineData("-1", 0, 0)]
    [InlineData("4294967295", 0, 0)]
    [InlineData("1:2:3", 1, 1)]
    public void Chown_looks_names_up_in_the_target(string owner, uint uid, uint gid)
    {
        room.Apply(CopyRoom.Copy("/a", "/t/a") with { Owner = owner });
        foreach (var path in (string[])["t", "t/a"])
            Assert.Equal((uid, gid), (room.Entry(path).Metadata.Uid, room.Entry(path).Metadata.Gid));
    }

    [Fact]
    public void A_copy_keeps_owners_and_all_bits_without_chown()
    {
        Directory.CreateDirectory(Path.Combine(room.Source, "d"));
        room.With(room.Source, "d/f");
        using (var folder = TreeFolder.Open(Path.Combine(room.Source, "d")))
        {
            folder.SetOwner("f"u8, 7, 8);
            folder.SetMode("f"u8, 0xDED); // 6755
            folder.MakeNode("c"u8, TreeEntryKind.CharacterDevice, 1, 3);
            folder.SetOwner("c"u8, 9, 10);
            folder.MakeNode("s"u8, TreeEntryKind.Socket, 0, 0);
            folder.MakeSymlink("l"u8, "f"u8);
            folder.SetOwner("l"u8, 11, 12);
        }

        room.Apply(CopyRoom.Copy("/d", "/t"));
        Assert.Contains("t/c CharacterDevice 600 9:10\nt/f File 6755 7:8\nt/l Symlink 777 11:12\nt/s Socket 600 0:0", room.List(), StringComparison.Ordinal);
        Assert.Equal((1u, 3u), (room.Entry("t/c").DeviceMajor, room.Entry("t/c").DeviceMinor));
    }

    [Fact]
    public void File_capabilities_outlive_a_change_of_owner()
    {
        // struct vfs_cap_data, revision 2: CAP_NET_RAW permitted.
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using (var folder = TreeFolder.Open(room.Source))
        using (var file = folder.OpenFile("a"u8))
            TreeFiles.SetXattrs(file, [new TreeXattr("security.capability"u8.ToArray(), capability)]);
        room.Apply(CopyRoom.Copy("/a", "/t") with { Owner = "5" });
        Assert.Equal(capability, Assert.Single(room.Entry("t").Xattrs).Value);
    }

    [Fact]
    public void A_working_folder_is_its_users()
    {
        room.Apply(new MakeFolderAction { Path = "/q/w", Owner = "www" });
        Assert.Contains("q Directory 755 33:34\nq/w Directory 755 33:34", room.List(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fifo", "read /etc/passwd: not a regular file")]
    [InlineData("folder", "read /etc/passwd: is a directory")]
    public void A_passwd_that_is_no_file_is_refused_and_not_waited_for(string kind, string message)
    {
        var path = Path.Combine(room.Target, "etc/passwd");
        File.Delete(path);
        if (kind == "fifo")
            Files.MakeFifo(path, 0x1A4);
        else
            Directory.CreateDirectory(path);
        Assert.Equal(message, Assert.Throws<NaruException>(() => room.Apply(CopyRoom.Copy("/a", "/t") with { Owner = "www" })).Message);
    }

    [Fact]
    public void A_passwd_that_is_a_link_out_is_read_inside()
    {
        room.With(room.Outside, "secret", "secret");
        var path = Path.Combine(room.Target, "etc/passwd");
        File.Delete(path);
        File.CreateSymbolicLink(path, "/../../../../../etc/shadow-of-the-host");
        room.Apply(CopyRoom.Copy("/a", "/t") with { Owner = "www" });
        Assert.Equal((0u, 0u), (room.Entry("t").Metadata.Uid, room.Entry("t").Metadata.Gid));
    }

    public void Dispose() => room.Dispose();
}
