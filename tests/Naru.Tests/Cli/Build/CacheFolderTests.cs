using System.Text.Json.Nodes;
using Naru.Base;
using Naru.Cli.Build.Session;
using Naru.Cli.Build.Solve;

namespace Naru.Tests.Cli.Build;

/// <summary>A folder that holds caches: blobs that are what they are said to be, and tags.</summary>
public sealed class CacheFolderTests : IDisposable
{
    private const string OfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private readonly string folder = Directory.CreateTempSubdirectory("naru-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_blob_gets_its_name_when_it_is_whole()
    {
        var blobs = new BlobFolder(folder);
        using (var file = blobs.Begin())
        {
            file.Write("abc"u8);
            Assert.False(blobs.Has(OfAbc));
            Assert.Contains("unexpected commit size 3, expected 4", Assert.Throws<NaruException>(() => blobs.Commit(file, 4, OfAbc)).Message);
            Assert.Contains("unexpected commit digest", Assert.Throws<NaruException>(() => blobs.Commit(file, 3, OfAbc[..^1] + "0")).Message);
            Assert.Equal(OfAbc, blobs.Commit(file, 3, OfAbc));
        }

        using var read = new StreamReader(blobs.Open(OfAbc)!);
        Assert.Equal("abc", read.ReadToEnd());
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("")]
    public void No_other_name_is_looked_for(string digest) =>
        Assert.Contains("unsupported digest", Assert.Throws<NaruException>(() => new BlobFolder(folder).Open(digest)).Message);

    [Fact]
    public void A_tag_is_replaced_and_others_stay()
    {
        var place = Path.Combine(folder, "cache");
        LayoutIndex.Put(place, """{"mediaType":"m","digest":"sha256:1","size":1}""", "latest");
        LayoutIndex.Put(place, """{"mediaType":"m","digest":"sha256:2","size":2}""", "v1");
        LayoutIndex.Put(place, """{"mediaType":"m","digest":"sha256:3","size":3}""", "latest");
        Assert.Equal("sha256:3", LayoutIndex.Find(place, "latest"));
        Assert.Equal("sha256:2", LayoutIndex.Find(place, "v1"));
        Assert.Null(LayoutIndex.Find(place, "v2"));
        Assert.Equal(["index.json", "oci-layout"], Directory.GetFiles(place).Select(Path.GetFileName).Order());
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(Path.Combine(place, "index.json")))!["manifests"]!.AsArray().Count);
    }
}
