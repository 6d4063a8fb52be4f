using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Naru.Images;
using Naru.Linux;

namespace Naru.System.Tests.Images;

/// <summary>A tree written as tar and unpacked again is the same tree, in all that a file system keeps of it.</summary>
public sealed class LayerRoundTripTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("naru-trip-").FullName;
    private readonly string first;
    private readonly string second;

    public LayerRoundTripTests()
    {
        first = Directory.CreateDirectory(Path.Combine(scratch, "first")).FullName;
        second = Directory.CreateDirectory(Path.Combine(scratch, "second")).FullName;
        using var tree = new TreeWriter(first);
        var plain = new TreeMetadata(0x1A4, 0, 0, 1_700_000_000, 123_456_789);
        tree.Directory("d"u8, plain with { Mode = 0x3ED, Uid = 1000, Gid = 2000 }, []);
        File(tree, "d/file", "text", plain with { Uid = 1000, Gid = 1000 });
        File(tree, "d/setuid", "x", plain with { Mode = 0x9ED, Uid = 5, Gid = 6 }, new TreeXattr("security.capability"u8.ToArray(), Convert.FromHexString("0100000200200000000000000000000000000000")));
        File(tree, "d/secret", "x", plain with { Mode = 0x100, Seconds = -1000 }, new TreeXattr("user.note"u8.ToArray(), [1, 0, 2]));
        File(tree, "d/ü \n name " + new string('n', 200), "", plain);
        tree.HardLink("hard"u8, "d/file"u8);
        tree.Symlink("link"u8, "/d/../nowhere"u8, plain with { Uid = 3 }, []);
        tree.Symlink(Encoding.ASCII.GetBytes("long"), Encoding.ASCII.GetBytes(new string('t', 500)), plain, []);
        tree.Node("fifo"u8, TreeEntryKind.Fifo, 0, 0, plain, []);
        tree.Node("null"u8, TreeEntryKind.CharacterDevice, 1, 3, plain with { Mode = 0x1B6 }, []);
        tree.Node("block"u8, TreeEntryKind.BlockDevice, 259, 70_000, plain, []);
        tree.Directory("empty"u8, plain with { Mode = 0x1ED }, []);
        tree.Complete();
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void A_tree_comes_back_as_it_was()
    {
        var archive = new MemoryStream();
        LayerDiffer.WriteTree(first, archive);
        archive.Position = 0;
        LayerApplier.Apply(archive, second, new LayerApplyOptions { Whiteouts = WhiteoutMode.Literal });
        Assert.Equal(Describe(first), Describe(second));
        Assert.Equal(12, Describe(second).Count);
    }

    /// <summary>Stores of earlier versions have layers of which only the digest and the files are kept: a change of what is written here would lose them.</summary>
    [Fact]
    public void The_bytes_of_a_tree_are_a_format()
    {
        var layer = new MemoryStream();
        LayerDiffer.WriteLayer(first, layer);
        Assert.Equal("d493c062f60dc788f907506e680f257bf5486617b1668e599cca24ea17558655", Convert.ToHexStringLower(SHA256.HashData(layer.ToArray())));
    }

    [Fact]
    public void An_upper_folder_comes_back_with_what_it_hides()
    {
        using (var tree = new TreeWriter(first))
        {
            tree.Whiteout("d/gone"u8);
            tree.Opaque("empty"u8);
            tree.Complete();
        }

        var layer = new MemoryStream();
        LayerDiffer.WriteLayer(first, layer);
        layer.Position = 0;
        LayerApplier.Apply(layer, second);
        Assert.Equal(Describe(first), Describe(second));
        Assert.Contains(Describe(second), line => line.StartsWith("d/gone CharacterDevice", StringComparison.Ordinal));
        Assert.Contains(Describe(second), line => line.Contains("trusted.overlay.opaque", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hole_stays_a_hole()
    {
        using (var tree = new TreeWriter(first))
        {
            var metadata = new TreeMetadata(0x1A4, 0, 0, 0, 0);
            tree.BeginFile("sparse"u8, metadata);
            tree.Skip(8 << 20);
            tree.Write("end"u8);
            tree.EndFile(metadata, []);
        }

        Assert.Equal((8 << 20) + 3, new FileInfo(Path.Combine(first, "sparse")).Length);
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", Path.Combine(first, "sparse")]) { RedirectStandardOutput = true })!;
        Assert.True(int.Parse(stat.StandardOutput.ReadToEnd()) < 100);
    }

    /// <summary>Each entry with all that is kept, a line each; directories' times too, since the root of neither is looked at.</summary>
    private static List<string> Describe(string folder)
    {
        using var tree = new TreeReader(folder);
        var links = new Dictionary<ulong, string>();
        var lines = new List<string>();
        foreach (var entry in tree.Walk().Where(e => e.Path.Length > 0))
        {
            var path = Encoding.UTF8.GetString(entry.Path);
            links.TryAdd(entry.Identity.Inode, path);
            var content = "";
            if (entry.Kind == TreeEntryKind.File)
            {
                using var handle = tree.Open(entry.Path);
                var bytes = new byte[entry.Size];
                RandomAccess.Read(handle, bytes, 0);
                content = Encoding.UTF8.GetString(bytes);
            }

            var metadata = entry.IsWhiteout ? default : entry.Metadata;
            lines.Add($"{path} {entry.Kind} {metadata} {entry.Size} {Encoding.UTF8.GetString(entry.LinkTarget)} {entry.DeviceMajor}:{entry.DeviceMinor} "
                + $"is {links[entry.Identity.Inode]} \"{content}\" {string.Join(',', entry.Xattrs.Select(x => Encoding.ASCII.GetString(x.Name) + "=" + Convert.ToHexString(x.Value)))}");
        }

        return lines;
    }

    private static void File(TreeWriter tree, string path, string text, TreeMetadata metadata, params TreeXattr[] xattrs)
    {
        tree.BeginFile(Encoding.UTF8.GetBytes(path), metadata);
        tree.Write(Encoding.UTF8.GetBytes(text));
        tree.EndFile(metadata, xattrs);
    }
}
