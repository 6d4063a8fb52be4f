using System.Formats.Tar;
using Naru.Base;
using Naru.Build.Export;
using Naru.Oci;

namespace Naru.Tests.Build.Export;

public sealed class TarExportTests : IDisposable
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);
    private readonly string folder = Directory.CreateTempSubdirectory("naru-tar-").FullName;

    public TarExportTests()
    {
        Directory.CreateDirectory(Path.Combine(folder, "d"));
        File.WriteAllText(Path.Combine(folder, "d/a"), "one");
        File.CreateSymbolicLink(Path.Combine(folder, "l"), "d/a");
    }

    [Fact]
    public void One_platform_is_the_archive_itself() => Assert.Equal(["d/", "d/a", "l"], Names([Tree("amd64")], new FolderOptions()));

    [Fact]
    public void Several_platforms_have_a_folder_each() =>
        Assert.Equal(
            ["linux_amd64/", "linux_amd64/d/", "linux_amd64/d/a", "linux_amd64/l", "linux_arm64/", "linux_arm64/d/", "linux_arm64/d/a", "linux_arm64/l"],
            Names([Tree("amd64"), Tree("arm64")], new FolderOptions()));

    [Fact]
    public void One_platform_has_a_folder_if_asked() =>
        Assert.Equal(["linux_amd64/", "linux_amd64/d/", "linux_amd64/d/a", "linux_amd64/l"],
            Names([Tree("amd64")], FolderOptions.Parse(new Dictionary<string, string> { ["platform-split"] = "true" })));

    [Fact]
    public void Several_platforms_in_one_folder_are_refused() =>
        Assert.Throws<NaruException>(() => new FolderOptions { Split = false }.Folders([Tree("amd64"), Tree("arm64")]));

    [Fact]
    public void With_an_epoch_two_archives_are_the_same()
    {
        var first = Write([Tree("amd64")], new FolderOptions(), Epoch);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "d/a"), DateTime.UnixEpoch);
        var second = Write([Tree("amd64")], new FolderOptions(), Epoch);
        Assert.Equal(first, second);
        using var reader = new TarReader(new MemoryStream(first));
        while (reader.GetNextEntry() is { } entry)
            Assert.Equal(Epoch, entry.ModificationTime);
    }

    [Theory]
    [InlineData("platform-split", "maybe")]
    [InlineData("compression", "gzip")]
    public void What_there_is_not_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<NaruException>(() => FolderOptions.Parse(new Dictionary<string, string> { [name] = value })).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Write(IReadOnlyList<ExportedTree> trees, FolderOptions options, DateTimeOffset? epoch)
    {
        using var archive = new MemoryStream();
        TarExport.Write(trees, options.Folders(trees), epoch, archive, default);
        return archive.ToArray();
    }

    private static List<string> Names(IReadOnlyList<ExportedTree> trees, FolderOptions options)
    {
        List<string> names = [];
        using var reader = new TarReader(new MemoryStream(Write(trees, options, null)));
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return names;
    }

    private ExportedTree Tree(string architecture) => new(new Platform { Os = "linux", Architecture = architecture }, folder);
}
