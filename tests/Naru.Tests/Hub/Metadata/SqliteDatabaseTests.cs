using Naru.Base;
using Naru.Hub.Metadata;
using SQLitePCL;

namespace Naru.Tests.Hub.Metadata;

public sealed class SqliteDatabaseTests : DatabaseContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-db-").FullName;

    private string FilePath => Path.Combine(folder, "hub.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_read_cannot_write()
    {
        await using var database = await Open();
        await Assert.ThrowsAsync<NaruException>(async () => await database.Read(session => Account(session, "a"), default));
        Assert.Empty(await Names(database));
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_left_alone()
    {
        await using (var database = (SqliteDatabase)await Open())
            await database.Write(session => session.Execute("PRAGMA user_version = 1000"), default);
        var error = await Assert.ThrowsAsync<NaruException>(async () => await Open());
        Assert.Contains("later version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_that_another_writes_is_waited_for()
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(FilePath, out var other));
        using (other)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, "BEGIN IMMEDIATE"));
            var opening = Task.Run(async () => await Open());
            Assert.NotSame(opening, await Task.WhenAny(opening, Task.Delay(300)));
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, "COMMIT"));
            await using var database = await opening;
            Assert.Empty(await Names(database));
        }
    }

    protected override ValueTask<IDatabase> Open() => new(new SqliteDatabase(FilePath));
}
