using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Tests.Hub.Metadata;

[Collection(PostgresCollection.Name)]
[Needs("postgres")]
public sealed class PostgresDatabaseTests(PostgresServer server) : DatabaseContract
{
    private string? address;

    [ContractFact]
    public async Task A_server_that_was_started_again_is_used_again()
    {
        using var own = new PostgresServer();
        await using var database = await PostgresDatabase.Open(own.NewDatabase(), default);
        await database.Write(session => Account(session, "a"), default);
        await Task.WhenAll(from _ in Enumerable.Range(0, 5) select Names(database).AsTask());
        own.Stop();
        var error = await Assert.ThrowsAsync<NaruException>(async () => await Names(database));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.StartsWith("metadata: PostgreSQL does not answer: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(async () => await database.Write(session => Account(session, "b"), default))).Kind);
        own.Launch();
        await database.Write(session => Account(session, "b"), default);
        Assert.Equal(["a", "b"], await Names(database));
    }

    [ContractFact]
    public async Task A_write_whose_connection_is_cut_is_run_again()
    {
        await using var database = await Open();
        var runs = 0;
        await database.Write(async session =>
        {
            await Account(session, "a");
            if (runs++ == 0)
            {
                var backend = await session.Number("SELECT pg_backend_pid()");
                server.Execute($"SELECT pg_terminate_backend({backend})");
            }

            return await Account(session, "b");
        }, default);
        Assert.Equal(2, runs);
        Assert.Equal(["a", "b"], await Names(database));
    }

    [ContractFact]
    public async Task A_zero_byte_is_refused()
    {
        await using var database = await Open();
        Assert.Equal(ErrorKind.InvalidArgument, (await Assert.ThrowsAsync<NaruException>(async () => await database.Write(session => Account(session, "a\0b"), default))).Kind);
    }

    [ContractFact]
    public async Task A_database_of_a_later_version_is_left_alone()
    {
        await using (var database = await Open())
            await database.Write(session => session.Execute("UPDATE schema_version SET version = 1000"), default);
        Assert.Contains("later version", (await Assert.ThrowsAsync<NaruException>(async () => await Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_error_says_so()
    {
        var error = await Assert.ThrowsAsync<NaruException>(async () => await PostgresDatabase.Open("postgres://hub:secret@127.0.0.1:1/hub", default));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_read_in_both_forms()
    {
        var uri = PostgresAddress.Parse("postgresql://me%40x:p%3Bw@db.example:6432/hub?sslmode=require&Maximum%20Pool%20Size=3");
        Assert.Equal(("db.example", 6432, "hub", "me@x", "p;w", 3), (uri.Host, uri.Port, uri.Database, uri.Username, uri.Password, uri.MaxPoolSize));
        Assert.Equal(Npgsql.SslMode.Require, uri.SslMode);
        var words = PostgresAddress.Parse("Host=/run/postgresql;Username=me;Database=hub");
        Assert.Equal(("/run/postgresql", 20, 256), (words.Host, words.MaxPoolSize, words.MaxAutoPrepare));
        foreach (var bad in (string[])["Nothing=1", "postgres://h/d?x", "postgres://h:port/"])
            Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => PostgresAddress.Parse(bad)).Kind);
    }

    protected override async ValueTask<IDatabase> Open() => await PostgresDatabase.Open(First(), default);

    private string First()
    {
        lock (server)
            return address ??= server.NewDatabase();
    }
}
