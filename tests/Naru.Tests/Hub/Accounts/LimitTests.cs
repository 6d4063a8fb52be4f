using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Tests.Hub.Accounts;

/// <summary>How much each may have.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Pulls_are_counted_by_address_and_by_account_with_Docker_Hubs_headers()
    {
        await using var stage = await AccountStage.Open(new AccountOptions { PullsOfNobody = 3, PullsOfUser = 5 });
        var nobody = Caller.Anonymous("192.0.2.1");
        Assert.Equal("3;w=21600", stage.Rooms.Pulls.Look(nobody)!.RemainingHeader);
        Assert.Equal("2;w=21600", stage.Rooms.Pulls.Take(nobody)!.RemainingHeader);
        Assert.Equal("2;w=21600", stage.Rooms.Pulls.Look(nobody)!.RemainingHeader);
        stage.Rooms.Pulls.Take(nobody);
        var last = stage.Rooms.Pulls.Take(nobody)!;
        Assert.Equal(("3;w=21600", "0;w=21600", "192.0.2.1"), (last.LimitHeader, last.RemainingHeader, last.Source));
        var refused = Assert.Throws<RegistryException>(() => stage.Rooms.Pulls.Take(nobody));
        Assert.Equal("TOOMANYREQUESTS 429", $"{refused.Word} {refused.Status}");
        Assert.NotNull(stage.Rooms.Pulls.Take(Caller.Anonymous("192.0.2.2")));
        var alice = stage.Rooms.Pulls.Take(await stage.As("alice"))!;
        Assert.Equal(("4;w=21600", "alice"), (alice.RemainingHeader, alice.Source));
        Assert.Null(stage.Rooms.Pulls.Take(await stage.As("root-user")));
        stage.Clock.Pass(refused.RetryAfter!.Value);
        Assert.NotNull(stage.Rooms.Pulls.Take(nobody));
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_counted()
    {
        await using var stage = await AccountStage.Open();
        Assert.Null(stage.Rooms.Pulls.Take(Caller.Anonymous("192.0.2.1")));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("local", "local")]
    public void An_address_is_one_household(string address, string key) => Assert.Equal(key, AddressKey.Of(address));

    [Fact]
    public void A_flood_of_keys_neither_fills_the_memory_nor_frees_those_at_their_limit()
    {
        var count = new SlidingCount(TimeSpan.FromHours(1), 1000, new ManualClock());
        for (var i = 0; i < 10; i++)
            Assert.True(count.TryAdd("busy", 10));
        for (var i = 0; i < 50_000; i++)
            Assert.True(count.TryAdd($"flood {i}", 10));
        Assert.InRange(count.Keys, 1, 1000);
        Assert.False(count.TryAdd("busy", 10));
    }

    [Fact]
    public void What_was_counted_slides_out_of_the_window()
    {
        var clock = new ManualClock();
        var count = new SlidingCount(TimeSpan.FromMinutes(10), 10, clock);
        for (var i = 0; i < 10; i++)
            count.TryAdd("one", 10);
        clock.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(5, count.Count("one"));
        for (var i = 0; i < 5; i++)
            Assert.True(count.TryAdd("one", 10));
        Assert.False(count.TryAdd("one", 10));
        clock.Pass(count.Wait("one", 10));
        Assert.True(count.TryAdd("one", 10));
        clock.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(0, count.Count("one"));
    }

    [Fact]
    public async Task Too_many_open_uploads_of_one_account_are_refused_and_others_go_on()
    {
        await using var stage = await AccountStage.Open(new AccountOptions { OpenUploads = 3 });
        var repository = await stage.Repository("alice", "alice/app", hidden: false);
        var alice = await stage.As("alice");
        for (var i = 0; i < 3; i++)
        {
            await stage.Rooms.Quotas.CheckBegin(repository, alice, default);
            await Upload(stage, repository, alice.Account, $"u{i}");
            await Upload(stage, repository, null, $"n{i}");
        }

        var refused = await AccountStage.Refused(() => stage.Rooms.Quotas.CheckBegin(repository, alice, default).AsTask());
        Assert.Equal(429, refused.Status);
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(429, (await AccountStage.Refused(() => stage.Rooms.Quotas.CheckBegin(repository, Caller.Anonymous(""), default).AsTask())).Status);
        await stage.Rooms.Quotas.CheckBegin(repository, await stage.As("bob"), default);
        await stage.Database.Write(session => session.Execute("DELETE FROM upload WHERE id = 'u0'"), default);
        await stage.Rooms.Quotas.CheckBegin(repository, alice, default);
    }

    [Fact]
    public async Task A_quota_counts_each_blob_of_an_account_once()
    {
        await using var stage = await AccountStage.Open();
        var one = await stage.Repository("alice", "alice/one", hidden: false);
        var two = await stage.Repository("alice", "alice/two", hidden: false);
        var other = await stage.Repository("bob", "bob/one", hidden: false);
        await stage.Rooms.Directory.SetQuota(await stage.As("root-user"), "alice", 1000, default);
        var shared = await Hold(stage, "shared", 600, one, two);
        Assert.Equal(new QuotaState(600, 1000), await stage.Rooms.Quotas.State(one.Account!.Value, default));
        await stage.Rooms.Quotas.CheckBegin(one, await stage.As("alice"), default);
        Assert.True(await stage.Rooms.Quotas.HasRoom(two, shared, default));
        Assert.True(await stage.Rooms.Quotas.HasRoom(one, new Blob(Digest.Of("x"u8), 400, "x"), default));
        var big = await Hold(stage, "big", 401, other);
        Assert.False(await stage.Rooms.Quotas.HasRoom(one, big, default));
        Assert.True(await stage.Rooms.Quotas.HasRoom(other, big, default));
        var refused = await stage.Rooms.Quotas.Exceeded(one, big, default);
        Assert.Equal("DENIED quota exceeded: the account holds 600B of 1kB, the blob has 401B", $"{refused.Word} {refused.Message}");
        await Hold(stage, "rest", 400, one);
        Assert.Equal("DENIED", (await AccountStage.Refused(() => stage.Rooms.Quotas.CheckBegin(two, Caller.Operator, default).AsTask())).Word);
    }

    [Fact]
    public async Task The_registrys_quota_is_for_accounts_without_their_own()
    {
        await using var stage = await AccountStage.Open(new AccountOptions { Quota = 100 });
        var repository = await stage.Repository("alice", "alice/one", hidden: false);
        var blob = new Blob(Digest.Of("x"u8), 101, "x");
        Assert.False(await stage.Rooms.Quotas.HasRoom(repository, blob, default));
        await stage.Rooms.Directory.SetQuota(Caller.Operator, "alice", 200, default);
        Assert.True(await stage.Rooms.Quotas.HasRoom(repository, blob, default));
    }

    private static async Task Upload(AccountStage stage, Repository repository, long? account, string id) => await stage.Database.Write(
        session => session.Execute("INSERT INTO upload (id, repository, account, length, touched) VALUES ($1, $2, $3, 0, 0)", id, repository.Id, account), default);

    private static async Task<Blob> Hold(AccountStage stage, string content, long size, params Repository[] repositories)
    {
        var digest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(content));
        await stage.Database.Write(session => session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ($1, $2, $3, 0)", digest.ToString(), size, content), default);
        foreach (var repository in repositories)
            await stage.Database.Write(session => session.Execute("INSERT INTO held (repository, digest, named) VALUES ($1, $2, 0)", repository.Id, digest.ToString()), default);
        return new Blob(digest, size, content);
    }
}
