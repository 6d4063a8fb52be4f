using Naru.Hub.Gc;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Tests.Hub.Gc;

public sealed class VerifierTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-verify-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_hub_that_is_whole_has_no_problems_and_its_bytes_are_counted()
    {
        await using var hub = Hub();
        var repository = await hub.Repository("a/b");
        await hub.PushIndex(repository, "v1", await hub.PushImage(repository, null, ["one", "two"]));
        var report = new VerifyReport();
        await new Verifier(hub.Database, hub.Storage).Verify(4, report, default);
        Assert.Empty(report.Problems);
        Assert.Equal((3, 2, 1, 0), (report.Blobs, report.Manifests, report.Tags, report.Unused));
        Assert.Equal(await hub.Database.Read(session => session.Number("SELECT SUM(size) FROM blob"), default), report.Bytes);
    }

    [Fact]
    public async Task Each_kind_of_damage_is_told()
    {
        await using var hub = Hub();
        var repository = await hub.Repository("a/b");
        await hub.PushImage(repository, "v1", ["changed", "short", "gone", "unheld"]);
        var changed = await File(hub, "changed");
        System.IO.File.WriteAllText(changed, "CHANGED");
        System.IO.File.WriteAllText(await File(hub, "short"), "sho");
        System.IO.File.Delete(await File(hub, "gone"));
        await hub.Database.Write(session => session.Execute("DELETE FROM held WHERE digest = $1", Digest("unheld")), default);
        await hub.PushImage(repository, "v2", ["other"]);
        await hub.Database.Write(session => session.Execute("UPDATE manifest SET content = $1 WHERE digest = (SELECT digest FROM tag WHERE name = 'v2')", "{}"u8.ToArray()), default);
        var leftover = Path.Combine(folder, "blobs", "00", new string('0', 32));
        System.IO.File.WriteAllText(leftover, "left");
        System.IO.File.SetLastWriteTimeUtc(leftover, DateTime.UtcNow.AddDays(-1));
        var report = new VerifyReport();
        await new Verifier(hub.Database, hub.Storage).Verify(2, report, default);
        Assert.Equal((5, 5), (report.ProblemCount, report.Problems.Count));
        Assert.Contains(report.Problems, problem => problem == $"blob {Digest("changed")}: the bytes of object {Path.GetFileName(changed)} have another digest");
        Assert.Contains(report.Problems, problem => problem.StartsWith($"blob {Digest("short")}: object ", StringComparison.Ordinal) && problem.EndsWith("has 3 bytes and should have 5", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.StartsWith($"blob {Digest("gone")}: ", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.StartsWith("a/b: manifest ", StringComparison.Ordinal) && problem.Contains(Digest("unheld"), StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.EndsWith("its 2 bytes have another digest", StringComparison.Ordinal));
        Assert.Equal((1, 4), (report.Unused, report.UnusedBytes));
    }

    private static string Digest(string content) => Naru.Oci.Digest.Of(System.Text.Encoding.UTF8.GetBytes(content)).ToString();

    private async Task<string> File(TestHub hub, string content)
    {
        var key = await hub.Database.Read(session => session.First("SELECT object FROM blob WHERE digest = $1", row => row.Text(0), Digest(content)), default);
        return Path.Combine(folder, "blobs", key![..2], key);
    }

    private TestHub Hub() => new(new SqliteDatabase(Path.Combine(folder, "hub.db")), new FolderStorage(folder));
}
