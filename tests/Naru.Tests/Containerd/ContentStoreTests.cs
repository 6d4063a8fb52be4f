using Naru.Base;
using Naru.Containerd;

namespace Naru.Tests.Containerd;

public sealed class ContentStoreTests : IDisposable
{
    private const string Hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private readonly Stores _stores = new();

    private ContentStore Content => _stores.Content;

    public void Dispose() => _stores.Dispose();

    [Fact]
    public void A_blob_is_there_only_once_it_is_whole_and_right()
    {
        using (var writer = Content.OpenWriter(Stores.Space, "r", 5, Hello))
        {
            writer.Write("hel"u8);
            Assert.False(_stores.Has(Hello));
            Assert.Equal(ErrorKind.FailedPrecondition, Assert.Throws<NaruException>(() => writer.Commit(5, Hello, Stores.NoLabels)).Kind);
        }

        using var resumed = Content.OpenWriter(Stores.Space, "r", 5, Hello);
        Assert.Equal(3, resumed.Offset);
        resumed.Write("lo"u8);
        Assert.Equal(Hello, resumed.Commit(5, Hello, Stores.NoLabels));
        Assert.Equal("hello"u8.ToArray(), Content.ReadAll(Stores.Space, Hello));
        Assert.Empty(Content.Statuses(Stores.Space, Filter.Parse([])));
    }

    [Fact]
    public void A_wrong_digest_is_refused_by_name()
    {
        var other = Digests.Of("other"u8);
        using var writer = Content.OpenWriter(Stores.Space, "r", 0, other);
        writer.Write("hello"u8);
        Assert.Equal($"unexpected commit digest {Hello}, expected {other}: failed precondition",
            Assert.Throws<NaruException>(() => writer.Commit(0, other, Stores.NoLabels)).Message);
        Assert.False(_stores.Has(Hello));
    }

    [Fact]
    public void What_is_whole_and_wrong_is_not_taken_up_again()
    {
        using (var writer = Content.OpenWriter(Stores.Space, "r", 5, Hello))
        {
            writer.Write("HELLO"u8);
            Assert.Throws<NaruException>(() => writer.Commit(5, Hello, Stores.NoLabels));
        }

        using var again = Content.OpenWriter(Stores.Space, "r", 5, Hello);
        Assert.Equal(0, again.Offset);
    }

    [Fact]
    public void A_reference_has_one_writer_at_a_time()
    {
        using var first = Content.OpenWriter(Stores.Space, "r", 0, "");
        Assert.Equal(ErrorKind.Unavailable, Assert.Throws<NaruException>(() => Content.OpenWriter(Stores.Space, "r", 0, "")).Kind);
        using var elsewhere = Content.OpenWriter(new Scope("other"), "r", 0, "");
    }

    [Fact]
    public void Namespaces_share_bytes_but_not_names_and_the_last_one_takes_the_file()
    {
        var other = new Scope("other");
        _stores.Put("hello");
        Assert.Throws<NaruException>(() => Content.Info(other, Hello));
        _stores.Put("hello", other);
        var file = Content.BlobPath(other, Hello);
        Content.Delete(Stores.Space, Hello);
        Assert.True(File.Exists(file));
        Content.Delete(other, Hello);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void After_a_crash_between_file_and_row_the_file_goes()
    {
        _stores.Put("kept");
        var orphan = Path.Combine(_stores.Folder, "content", "blobs", "sha256", Hello["sha256:".Length..]);
        File.WriteAllText(orphan, "hello");
        _stores.Collector.CleanAfterCrash();
        Assert.False(File.Exists(orphan));
        Assert.True(_stores.Has(Digests.Of("kept"u8)));
    }

    [Fact]
    public void A_write_that_nobody_continues_goes_after_a_day()
    {
        Content.OpenWriter(Stores.Space, "old", 0, "").Dispose();
        using var current = Content.OpenWriter(Stores.Space, "current", 0, "");
        foreach (var data in Directory.EnumerateFiles(Path.Combine(_stores.Folder, "content"), "data", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(data, DateTime.UtcNow.AddHours(-25));
        _stores.Collector.Collect();
        Assert.Equal("current", Assert.Single(Content.Statuses(Stores.Space, Filter.Parse([]))).Reference);
    }

    [Theory]
    [InlineData("sha256:2cf24dba")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../etc/passwd00000")]
    [InlineData("md5:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")]
    public void What_is_no_digest_never_becomes_a_path(string digest) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => Content.Open(Stores.Space, digest)).Kind);
}
