using System.Text;
using Naru.Base;
using Naru.Images;
using Naru.Linux;

namespace Naru.System.Tests.Images;

/// <summary>Layers on a real file system, as root. Each hostile one has a canary outside the folder that must stay as it was.</summary>
public sealed class LayerApplierTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("naru-layers-").FullName;
    private readonly string root;
    private readonly string canary;
    private readonly DateTime canaryTime = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    public LayerApplierTests()
    {
        root = Directory.CreateDirectory(Path.Combine(scratch, "root")).FullName;
        canary = Path.Combine(scratch, "canary");
        File.WriteAllText(canary, "host");
        File.SetUnixFileMode(canary, UnixFileMode.UserRead);
        File.SetLastWriteTimeUtc(canary, canaryTime);
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void Dot_dot_is_refused() => Hostile(true, Entry("../canary", "x"));

    [Fact]
    public void An_absolute_name_stays_inside() => Hostile(false, Entry(canary, "x"));

    [Fact]
    public void Writing_through_a_link_stays_inside()
    {
        Hostile(false, Link("out", scratch), Entry("out/canary", "x"));
        Assert.False(File.Exists(Path.Combine(scratch, "x")));
    }

    [Fact]
    public void Writing_to_a_link_replaces_the_link() => Hostile(false, Link("a", canary), Entry("a", "x"));

    [Fact]
    public void A_relative_link_out_stays_inside() => Hostile(false, Link("out", "../../../../../../../../" + scratch), Entry("out/canary", "x"));

    [Fact]
    public void A_hard_link_out_is_refused() => Hostile(true, new(Bytes("a"), TarEntryType.HardLink, "../canary"), Entry("a", "x"));

    [Fact]
    public void A_hard_link_through_a_link_finds_nothing() => Hostile(true, Link("out", scratch), new(Bytes("a"), TarEntryType.HardLink, "out/canary"));

    [Fact]
    public void Chmod_through_a_link_stays_inside() => Hostile(false, Link("a", canary), new(Bytes("a"), TarEntryType.Directory, "") { Mode = 0x1FF });

    [Theory]
    [InlineData(".wh...")]
    [InlineData(".wh..")]
    [InlineData(".wh.")]
    [InlineData("a/.wh...")]
    public void A_whiteout_of_the_folder_above_is_refused(string name) => Hostile(true, Entry(name, ""));

    [Fact]
    public void A_removing_whiteout_does_not_follow_links()
    {
        Directory.CreateSymbolicLink(Path.Combine(root, "out"), scratch);
        Apply(WhiteoutMode.Remove, Entry("out/.wh.canary", ""));
        CheckCanary();
    }

    [Fact]
    public void Whiteouts_become_overlays_own()
    {
        Apply(WhiteoutMode.Overlay, Entry("d/.wh.gone", ""), Entry("o/.wh..wh..opq", ""), Entry("o/kept", "x"), Entry(".wh..wh.plnk", ""));
        using var tree = new TreeReader(root);
        Assert.True(tree.Read("d/gone"u8)!.IsWhiteout);
        Assert.Contains(tree.Read("o"u8)!.Xattrs, x => Encoding.ASCII.GetString(x.Name) == "trusted.overlay.opaque");
        Assert.Null(tree.Read(".wh..wh.plnk"u8));
    }

    [Fact]
    public void Overlays_attributes_in_a_layer_are_dropped()
    {
        Apply(WhiteoutMode.Overlay, new Item(Bytes("d"), TarEntryType.Directory, "") { Xattr = "trusted.overlay.redirect" });
        using var tree = new TreeReader(root);
        Assert.Empty(tree.Read("d"u8)!.Xattrs);
    }

    [Fact]
    public void Removing_whiteouts_spare_what_the_layer_brings()
    {
        Directory.CreateDirectory(Path.Combine(root, "o", "old"));
        File.WriteAllText(Path.Combine(root, "gone"), "");
        Apply(WhiteoutMode.Remove, Entry("o/new", "x"), Entry("o/.wh..wh..opq", ""), Entry(".wh.gone", ""));
        Assert.Equal(["new"], Directory.GetFileSystemEntries(Path.Combine(root, "o")).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(root, "gone")));
    }

    [Fact]
    public void A_layer_stops_at_its_limit() =>
        Assert.Throws<NaruException>(() => LayerApplier.Apply(Tar(Entry("a", new string('x', 5000))), root, new LayerApplyOptions { MaximumBytes = 4999 }));

    [Fact]
    public void A_diff_of_an_upper_folder_applies_to_the_same()
    {
        Apply(WhiteoutMode.Overlay, Entry("d/.wh.gone", ""), Entry("o/.wh..wh..opq", ""), Entry("o/kept", "text"), Link("l", "/nowhere"));
        var layer = new MemoryStream();
        LayerDiffer.WriteLayer(root, layer);
        layer.Position = 0;
        var second = Directory.CreateDirectory(Path.Combine(scratch, "second")).FullName;
        var result = LayerApplier.Apply(layer, second);
        var again = new MemoryStream();
        LayerDiffer.WriteLayer(second, again);
        Assert.Equal(result.DiffId, Naru.Oci.Digest.Of(again.ToArray()));
    }

    private void Hostile(bool refused, params Item[] items)
    {
        foreach (var mode in new[] { WhiteoutMode.Overlay, WhiteoutMode.Remove })
        {
            var failure = Record.Exception(() => Apply(mode, items));
            Assert.True(refused ? failure is NaruException or LinuxException : failure is null, failure?.ToString() ?? "not refused");
            CheckCanary();
            Directory.Delete(root, recursive: true);
            Directory.CreateDirectory(root);
        }
    }

    private void CheckCanary()
    {
        Assert.Equal("host", File.ReadAllText(canary));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(canary));
        Assert.Equal(canaryTime, File.GetLastWriteTimeUtc(canary));
    }

    private void Apply(WhiteoutMode mode, params Item[] items) => LayerApplier.Apply(Tar(items), root, new LayerApplyOptions { Whiteouts = mode });

    private static MemoryStream Tar(params Item[] items)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
        {
            foreach (var item in items)
            {
                writer.Add(
                    new TarEntry
                    {
                        Name = item.Name,
                        Type = item.Type,
                        LinkName = item.Type == TarEntryType.File ? [] : Bytes(item.Text),
                        Mode = item.Mode,
                        Size = item.Type == TarEntryType.File ? item.Text.Length : 0,
                        Xattrs = item.Xattr is null ? [] : [new TreeXattr(Bytes(item.Xattr), Bytes("y"))],
                    },
                    item.Type == TarEntryType.File ? Bytes(item.Text) : []);
            }
        }

        archive.Position = 0;
        return archive;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Item Entry(string name, string text) => new(Bytes(name), TarEntryType.File, text);

    private static Item Link(string name, string target) => new(Bytes(name), TarEntryType.Symlink, target);

    private sealed record Item(byte[] Name, TarEntryType Type, string Text)
    {
        public uint Mode { get; init; } = 0x1A4;

        public string? Xattr { get; init; }
    }
}
