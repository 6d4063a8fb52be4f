using Naru.Base;
using Naru.Build.Copying;
using Naru.Linux;

namespace Naru.System.Tests.Build;

/// <summary>Links in the source and in the target that lead out of them, before a copy and while it runs.</summary>
public sealed class CopyAttackTests : IDisposable
{
    private readonly CopyRoom room = new();

    [Theory]
    [InlineData("/t/a")]
    [InlineData("/t/secret")]
    [InlineData("/t/")]
    [InlineData("/t/b/../c/d")]
    public void A_link_in_the_targets_path_stays_inside(string target)
    {
        room.With(room.Source, "a", "copied");
        File.CreateSymbolicLink(Path.Combine(room.Target, "t"), room.Outside);
        room.Apply(CopyRoom.Copy("/a", target));
        room.CheckOutside();
        Assert.True(Directory.Exists(room.Target + room.Outside));
    }

    [Fact]
    public void A_link_below_a_copied_folder_is_not_followed()
    {
        room.With(room.Source, "d/x/evil", "copied").With(room.Source, "d/secret", "copied");
        Directory.CreateDirectory(Path.Combine(room.Target, "t"));
        File.CreateSymbolicLink(Path.Combine(room.Target, "t/secret"), Path.Combine(room.Outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(room.Target, "t/x"), room.Outside);
        Assert.Equal("cannot copy to non-directory: /t/x", Assert.Throws<NaruException>(() => room.Apply(CopyRoom.Copy("/d", "/t"))).Message);
        room.CheckOutside();
    }

    [Fact]
    public void A_hard_link_in_the_target_is_replaced_and_not_written_through()
    {
        room.With(room.Source, "a", "copied");
        using (var target = TreeFolder.Open(room.Target))
        using (var outside = TreeFolder.Open(room.Outside))
            Assert.True(target.TryLink("t"u8, outside, "secret"u8));
        room.Apply(CopyRoom.Copy("/a", "/t"));
        room.CheckOutside();
    }

    [Theory]
    [InlineData("/l/secret")]
    [InlineData("/s")]
    [InlineData("/up/secret")]
    [InlineData("/l/../secret")]
    [InlineData("/s*")]
    public void A_link_in_the_source_reads_nothing_outside(string source)
    {
        File.CreateSymbolicLink(Path.Combine(room.Source, "l"), room.Outside);
        File.CreateSymbolicLink(Path.Combine(room.Source, "s"), Path.Combine(room.Outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(room.Source, "up"), "../outside");
        Assert.Equal(ErrorKind.NotFound, Assert.ThrowsAny<NaruException>(() => room.Apply(CopyRoom.Copy(source, "/t"))).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.ThrowsAny<NaruException>(() => TreeDigest.Of(source, new SourceTree { Folder = room.Source }, default)).Kind);
    }

    [Fact]
    public async Task A_folder_that_turns_into_a_link_meanwhile_leads_nowhere()
    {
        for (var i = 0; i < 20; i++)
            room.With(room.Source, $"d/x/f{i}", "copied");
        Directory.CreateDirectory(Path.Combine(room.Target, "t/x"));
        var stop = false;
        var swapping = Task.Run(() =>
        {
            var (path, aside) = (Path.Combine(room.Target, "t/x"), Path.Combine(room.Target, "t/aside"));
            while (!Volatile.Read(ref stop))
            {
                try
                {
                    Directory.Move(path, aside);
                    File.CreateSymbolicLink(path, room.Outside);
                    File.Delete(path);
                    Directory.Move(aside, path);
                }
                catch (IOException)
                {
                    // The copy made a folder of the name before the link took it.
                    Directory.Delete(aside, recursive: true);
                }
            }
        });
        for (var i = 0; i < 200; i++)
        {
            try
            {
                room.Apply(CopyRoom.Copy("/d", "/t"));
            }
            catch (Exception e) when (e is NaruException or LinuxException)
            {
                // The swap was noticed; what matters is what is outside.
            }
        }

        Volatile.Write(ref stop, true);
        await swapping;
        room.CheckOutside();
    }

    [Fact]
    public void A_tree_deeper_than_any_path_is_an_error_and_no_crash()
    {
        var levels = new List<TreeFolder> { TreeFolder.Open(room.Source) };
        var name = new byte[200];
        name.AsSpan().Fill((byte)'d');
        for (var depth = 0; depth < 30; depth++)
        {
            levels[^1].MakeFolder(name, 0x1C0);
            levels.Add(levels[^1].Enter(name));
        }

        levels.ForEach(level => level.Dispose());
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => room.Apply(CopyRoom.Copy("/", "/t"))).Number);
    }

    public void Dispose() => room.Dispose();
}
