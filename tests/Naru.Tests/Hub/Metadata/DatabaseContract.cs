using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Tests.Hub.Metadata;

/// <summary>What everybody may rely on, whichever database it is.</summary>
public abstract class DatabaseContract
{
    private static readonly TimeSpan Meeting = TimeSpan.FromMilliseconds(300);

    /// <summary>Another instance over the same data, as another process has one.</summary>
    protected abstract ValueTask<IDatabase> Open();

    [ContractFact]
    public async Task A_write_that_throws_leaves_nothing()
    {
        await using var database = await Open();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await database.Write<int>(async session =>
        {
            await Account(session, "half");
            throw new InvalidOperationException();
        }, default));
        await database.Write(session => Account(session, "whole"), default);
        Assert.Equal(["whole"], await Names(database));
    }

    [ContractFact]
    public async Task A_write_that_is_cancelled_leaves_nothing()
    {
        await using var database = await Open();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await database.Write(async session =>
        {
            await Account(session, "half");
            await cancel.CancelAsync();
            cancel.Token.ThrowIfCancellationRequested();
            return 0;
        }, cancel.Token));
        Assert.Empty(await Names(database));
    }

    [ContractFact]
    public async Task Values_come_back_as_they_went_in()
    {
        await using var database = await Open();
        const string Text = "'; DROP TABLE account; -- \"한국\" 🙂 $1 ?1 \\";
        byte[] content = [0, 1, 0xff, 0, (byte)'\''];
        await database.Write(session => session.Execute("INSERT INTO manifest (digest, media_type, content, created) VALUES ($1, $2, $3, $4)", "d", Text, content, long.MaxValue), default);
        var row = await database.Read(session => session.First("SELECT media_type, content, created, 1 FROM manifest WHERE digest = $1",
            r => new object[] { r.Text(0), r.Bytes(1), r.Number(2), r.Truth(3) }, "d"), default);
        Assert.Equal(new object[] { Text, content, long.MaxValue, true }, row!);
    }

    [ContractFact]
    public async Task A_null_stands_for_text_and_for_a_number_in_one_and_the_same_statement()
    {
        await using var database = await Open();
        await database.Write(session => Account(session, "a"), default);
        object?[][] values = [[null, null], ["hash", 7L], [null, 9L], ["other", null], [null, null], ["hash", 7L], ["hash", 7L], [null, null]];
        foreach (var pair in values)
        {
            await database.Write(session => session.Execute("UPDATE account SET password = $1, quota = $2 WHERE name = $3", pair[0], pair[1], "a"), default);
            var back = await database.Read(session => session.First("SELECT password, quota FROM account", r => new object?[] { r.TextOrNull(0), r.NumberOrNull(1) }), default);
            Assert.Equal(pair, back);
        }
    }

    [ContractFact]
    public async Task A_null_may_be_compared_with()
    {
        await using var database = await Open();
        await database.Write(session => Account(session, "a"), default);
        await database.Write(session => Account(session, "b"), default);
        foreach (var name in (string?[])["a", null, "b", null])
        {
            var found = await database.Read(session => session.Query("SELECT name FROM account WHERE CAST($1 AS TEXT) IS NULL OR name = $1 ORDER BY name", r => r.Text(0), name), default);
            Assert.Equal(name is null ? ["a", "b"] : [name], found);
            Assert.Equal(name ?? "none", await database.Read(session => session.First("SELECT COALESCE($1, 'none')", r => r.Text(0), name), default));
        }
    }

    [ContractFact]
    public async Task Text_sorts_by_its_bytes()
    {
        await using var database = await Open();
        foreach (var name in (string[])["b", "B", "a-b", "a/b", "a", "ab", "_", "é", "Z"])
            await database.Write(session => Account(session, name), default);
        Assert.Equal(["B", "Z", "_", "a", "a-b", "a/b", "ab", "b", "é"], await Names(database));
        Assert.Equal(["ab", "b", "é"], await database.Read(session => session.Query("SELECT name FROM account WHERE name > $1 ORDER BY name LIMIT $2", r => r.Text(0), "a/b", 5L), default));
    }

    [ContractFact]
    public async Task Counts_sums_and_comparisons_are_numbers()
    {
        await using var database = await Open();
        await database.Write(session => Repository(session, "a/b", 5), default);
        await database.Write(session => Repository(session, "a/c", 6), default);
        var row = await database.Read(session => session.First("SELECT COUNT(*), SUM(pulls), MAX(name) = 'a/c', EXISTS (SELECT 1 FROM tag), COALESCE(SUM(pushed), 0), MIN(pushed) FROM repository",
            r => new object?[] { r.Number(0), r.Number(1), r.Truth(2), r.Truth(3), r.Number(4), r.TimeOrNull(5) }), default);
        Assert.Equal(new object?[] { 2L, 11L, true, false, 0L, null }, row!);
        Assert.Null(await database.Read(session => session.Number("SELECT pulls FROM repository WHERE name = 'none'"), default));
        Assert.Null(await database.Read(session => session.Number("SELECT MIN(pushed) FROM repository"), default));
    }

    [ContractFact]
    public async Task Statements_say_how_many_rows_they_changed_and_return_them()
    {
        await using var database = await Open();
        await database.Write(session => Repository(session, "a/b", 1), default);
        const string Upsert = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value < excluded.value";
        Assert.Equal(1, await database.Write(session => session.Execute(Upsert, "k", "2"), default));
        Assert.Equal(0, await database.Write(session => session.Execute(Upsert, "k", "1"), default));
        Assert.Equal(1, await database.Write(session => session.Execute(Upsert, "k", "3"), default));
        Assert.Equal(0, await database.Write(session => session.Execute("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", "k", "9"), default));
        Assert.Equal(0, await database.Write(session => session.Execute("DELETE FROM repository WHERE (name, pulls) > ($1, $2)", "a/b", 1L), default));
        Assert.Equal(["a/b"], await database.Write(session => session.Query("DELETE FROM repository WHERE (name, pulls) >= ($1, $2) RETURNING name", r => r.Text(0), "a/b", 1L), default));
    }

    [ContractFact]
    public async Task A_name_that_is_taken_and_a_reference_to_nothing_are_told_apart()
    {
        await using var database = await Open();
        await database.Write(session => Account(session, "a"), default);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<NaruException>(async () => await database.Write(session => Account(session, "a"), default))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await database.Write(
            session => session.Execute("INSERT INTO held (repository, digest, named) VALUES (1, 'none', 0)"), default))).Kind);
        Assert.Equal(ErrorKind.Internal, (await Assert.ThrowsAsync<NaruException>(async () => await database.Read(session => session.Number("SELECT nothing"), default))).Kind);
    }

    [ContractFact]
    public async Task What_belongs_to_a_repository_goes_with_it_and_what_is_shared_cannot_go_before()
    {
        await using var database = await Open();
        var repository = await database.Write(session => Repository(session, "a/b", 0), default);
        await database.Write(async session =>
        {
            await session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ('d', 1, 'o', 0)");
            await session.Execute("INSERT INTO layer_index (digest, object, created) VALUES ('d', 'i', 0)");
            return await session.Execute("INSERT INTO held (repository, digest, named) VALUES ($1, 'd', 0)", repository);
        }, default);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await database.Write(session => session.Execute("DELETE FROM blob"), default))).Kind);
        await database.Write(session => session.Execute("DELETE FROM repository"), default);
        Assert.Equal(0, await database.Read(session => session.Number("SELECT COUNT(*) FROM held"), default));
        Assert.Equal(1, await database.Write(session => session.Execute("DELETE FROM blob"), default));
        Assert.Equal(0, await database.Read(session => session.Number("SELECT COUNT(*) FROM layer_index"), default));
    }

    [ContractFact]
    public async Task Two_instances_lose_none_of_each_others_changes()
    {
        await using var one = await Open();
        await using var other = await Open();
        await one.Write(session => Repository(session, "a/b", 0), default);
        await Task.WhenAll(from i in Enumerable.Range(0, 8)
                           select Task.Run(async () =>
                           {
                               for (var j = 0; j < 10; j++)
                                   await (i % 2 == 0 ? one : other).Write(session => session.Execute("UPDATE repository SET pulls = pulls + 1 WHERE name = 'a/b'"), default);
                           }));
        Assert.Equal(80, await other.Read(session => session.Number("SELECT pulls FROM repository"), default));
    }

    [ContractFact]
    public async Task Who_holds_a_lock_has_it_alone_until_its_transaction_ends()
    {
        await using var one = await Open();
        await using var other = await Open();
        await one.Write(session => Repository(session, "a/b", 0), default);
        await Task.WhenAll(from i in Enumerable.Range(0, 8)
                           select Task.Run(async () => await (i % 2 == 0 ? one : other).Write(async session =>
                           {
                               await session.Lock("counter");
                               var pulls = await session.Number("SELECT pulls FROM repository WHERE name = 'a/b'");
                               await Task.Yield();
                               return await session.Execute("UPDATE repository SET pulls = $1 WHERE name = 'a/b'", pulls + 1);
                           }, default)));
        Assert.Equal(8, await other.Read(session => session.Number("SELECT pulls FROM repository"), default));
    }

    [ContractFact]
    public async Task Two_transactions_that_wait_for_each_other_both_succeed()
    {
        await using var one = await Open();
        await using var other = await Open();
        await one.Write(session => Repository(session, "a", 0), default);
        await one.Write(session => Repository(session, "b", 0), default);
        var met = new CountdownEvent(2);
        async Task Both(IDatabase database, string first, string second) => await database.Write(async session =>
        {
            await session.Execute("UPDATE repository SET pulls = pulls + 1 WHERE name = $1", first);
            if (!met.IsSet)
                met.Signal();
            await Task.Run(() => met.Wait(Meeting));
            return await session.Execute("UPDATE repository SET pulls = pulls + 1 WHERE name = $1", second);
        }, default);
        await Task.WhenAll(Task.Run(() => Both(one, "a", "b")), Task.Run(() => Both(other, "b", "a")));
        Assert.Equal(4, await one.Read(session => session.Number("SELECT SUM(pulls) FROM repository"), default));
    }

    [ContractFact]
    public async Task A_reference_whose_row_goes_meanwhile_is_tried_again()
    {
        await using var one = await Open();
        await using var other = await Open();
        var repository = await one.Write(session => Repository(session, "a", 0), default);
        await one.Write(session => session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ('d', 1, 'old', 0)"), default);
        Task? meanwhile = null;
        await one.Write(async session =>
        {
            await session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ('d', 1, 'new', 0) ON CONFLICT (digest) DO NOTHING");
            meanwhile ??= Task.Run(async () => await other.Write(s => s.Execute("DELETE FROM blob WHERE digest = 'd' AND NOT EXISTS (SELECT 1 FROM held WHERE held.digest = blob.digest)"), default));
            await Task.WhenAny(meanwhile, Task.Delay(Meeting));
            return await session.Execute("INSERT INTO held (repository, digest, named) VALUES ($1, 'd', 0)", repository);
        }, default);
        await meanwhile!;
        Assert.Equal(1, await one.Read(session => session.Number("SELECT COUNT(*) FROM held JOIN blob ON blob.digest = held.digest"), default));
    }

    [ContractFact]
    public async Task Many_start_at_once_on_a_new_database()
    {
        var opened = await Task.WhenAll(from _ in Enumerable.Range(0, 4) select Task.Run(async () => await Open()));
        await opened[3].Write(session => Account(session, "a"), default);
        Assert.Equal(["a"], await Names(opened[0]));
        foreach (var database in opened)
            await database.DisposeAsync();
    }

    [ContractFact]
    public async Task Reads_go_on_beside_an_open_write()
    {
        await using var database = await Open();
        await database.Write(async session =>
        {
            await Account(session, "a");
            Assert.Empty(await Names(database));
            return 0;
        }, default);
        Assert.Equal(["a"], await Names(database));
    }

    protected static ValueTask<int> Account(ISession session, string name) =>
        session.Execute("INSERT INTO account (name, organisation, full_name, email, created) VALUES ($1, 0, '', '', 0)", name);

    protected static async ValueTask<List<string>> Names(IDatabase database) =>
        await database.Read(session => session.Query("SELECT name FROM account ORDER BY name", row => row.Text(0)), default);

    private static async ValueTask<long?> Repository(ISession session, string name, long pulls) =>
        await session.Number("INSERT INTO repository (name, private, description, readme, pulls, created) VALUES ($1, 0, '', '', $2, 0) RETURNING id", name, pulls);
}
