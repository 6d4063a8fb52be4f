using System.Text;
using Naru.Base;
using Naru.Images;
using Naru.Linux;

namespace Naru.Tests.Images;

public sealed class TarTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var longName = Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat("a-rather-long-folder-name", 12)) + "/ü");
        var entry = new TarEntry
        {
            Name = longName,
            Mode = 0x9ED,
            Uid = 3_000_000,
            Gid = 4_000_000_000,
            Seconds = -5,
            Nanoseconds = 250_000_000,
            Size = 3,
            Xattrs = [new TreeXattr("user.x"u8.ToArray(), [0, 1, (byte)'\n', 255])],
        };
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
            writer.Add(entry, "abc"u8);
        archive.Position = 0;
        var reader = new TarReader(archive);
        var read = reader.Next()!;
        Assert.Equal(longName, read.Name);
        Assert.Equal((entry.Mode, entry.Uid, entry.Gid, -5L, 250_000_000u), (read.Mode, read.Uid, read.Gid, read.Seconds, read.Nanoseconds));
        Assert.Equal(entry.Xattrs[0].Value, Assert.Single(read.Xattrs).Value);
        Assert.Equal("abc"u8.ToArray(), reader.ReadAll(10));
        Assert.Null(reader.Next());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/../etc/passwd")]
    [InlineData("a\0b")]
    public void Names_that_lead_out_are_refused(string name) =>
        Assert.StartsWith("invalid entry name", Assert.Throws<NaruException>(() => EntryNames.Clean(Encoding.UTF8.GetBytes(name))).Message);

    [Theory]
    [InlineData("./a", "a")]
    [InlineData("/a//b/./c/", "a/b/c")]
    [InlineData("a/../b", "b")]
    [InlineData("./", "")]
    [InlineData("..a/.b", "..a/.b")]
    public void Names_are_cleaned(string name, string clean) => Assert.Equal(clean, Encoding.UTF8.GetString(EntryNames.Clean(Encoding.UTF8.GetBytes(name))));

    [Fact]
    public void A_pax_header_over_its_limit_is_refused()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
            writer.Add(new TarEntry { Name = "a"u8.ToArray(), Xattrs = [new TreeXattr("user.x"u8.ToArray(), new byte[2 << 20])] });
        archive.Position = 0;
        Assert.Throws<NaruException>(() => new TarReader(archive).Next());
    }

    [Fact]
    public void Every_cut_of_an_archive_is_bad_input_or_an_early_end()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive))
            writer.Add(new TarEntry { Name = new byte[300].Select(_ => (byte)'n').ToArray(), Size = 600 }, new byte[600]);
        var whole = archive.ToArray();
        for (var length = 1; length < whole.Length - 1024; length += 7)
        {
            var reader = new TarReader(new MemoryStream(whole, 0, length));
            Assert.Throws<NaruException>(() =>
            {
                while (reader.Next() is not null)
                    reader.ReadAll(1000);
            });
        }
    }
}
