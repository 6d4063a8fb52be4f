using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Registry;
using Naru.Oci;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>How much each may have.</summary>
public abstract class LimitTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : LimitTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : LimitTests(server);

    [ContractFact]
    public async Task Pulls_are_counted_by_address_and_by_account_with_Docker_Hubs_headers()
    {
        await using var stage = await Stage(new AccountOptions { PullsOfNobody = 3, PullsOfUser = 5 });
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

    [ContractFact]
    public async Task An_index_and_what_it_led_to_are_one_pull()
    {
        await using var stage = await Stage(new AccountOptions { PullsOfNobody = 3, PullsOfUser = 5 });
        var (nobody, other) = (Caller.Anonymous("192.0.2.1"), Caller.Anonymous("192.0.2.2"));
        var image = Digest.Of("image"u8);
        var content = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{image}}","size":5}]}""");
        stage.Rooms.Pulls.Lead(nobody, new Manifest(Digest.Of(content), MediaTypes.OciIndex, content));
        Assert.True(stage.Rooms.Pulls.IsLed(nobody, image));
        Assert.False(stage.Rooms.Pulls.IsLed(other, image));
        Assert.False(stage.Rooms.Pulls.IsLed(await stage.As("alice"), image));
        Assert.False(stage.Rooms.Pulls.IsLed(nobody, Digest.Of("another"u8)));
        stage.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.False(stage.Rooms.Pulls.IsLed(nobody, image));
    }

    [ContractFact]
    public async Task Two_processes_count_pulls_together_and_one_that_starts_anew_goes_on()
    {
        await using var stage = await Stage(new AccountOptions { PullsOfNobody = 10 });
        var other = stage.OtherProcess();
        var nobody = Caller.Anonymous("192.0.2.1");
        for (var i = 0; i < 4; i++)
        {
            stage.Rooms.Pulls.Take(nobody);
            other.Pulls.Take(nobody);
        }

        await stage.Rooms.Pulls.Share(default);
        await other.Pulls.Share(default);
        Assert.Equal("2;w=21600", other.Pulls.Look(nobody)!.RemainingHeader);
        other.Pulls.Take(nobody);
        await other.Pulls.Share(default);
        Assert.Equal("6;w=21600", stage.Rooms.Pulls.Look(nobody)!.RemainingHeader);
        await stage.Rooms.Pulls.Share(default);
        Assert.Equal("1;w=21600", stage.Rooms.Pulls.Look(nobody)!.RemainingHeader);
        stage.Rooms.Pulls.Take(nobody);
        await stage.Rooms.Pulls.Share(default);
        other.Pulls.Look(nobody);
        await other.Pulls.Share(default);
        Assert.Throws<RegistryException>(() => stage.Rooms.Pulls.Take(nobody));
        Assert.Throws<RegistryException>(() => other.Pulls.Take(nobody));
        var later = stage.OtherProcess();
        later.Pulls.Look(nobody);
        await later.Pulls.Share(default);
        Assert.Equal(429, Assert.Throws<RegistryException>(() => later.Pulls.Take(nobody)).Status);

        // Half of the next period on, half of them count; after another one none is left to keep.
        stage.Clock.Pass(TimeSpan.FromHours(9));
        await later.Pulls.Share(default);
        Assert.Equal("5;w=21600", later.Pulls.Look(nobody)!.RemainingHeader);
        stage.Clock.Pass(TimeSpan.FromHours(6));
        await later.Tidy(default);
        Assert.Equal(0, await stage.Database.Read(session => session.Number("SELECT COUNT(*) FROM tally"), default));
    }

    [ContractFact]
    public async Task What_could_not_be_shared_is_shared_later()
    {
        var count = new SlidingCount(new SlidingWindow(TimeSpan.FromHours(1), new ManualClock()), 10);
        count.TryAdd("one", 10);
        var taken = Assert.Single(count.Take());
        count.TryAdd("one", 10);
        count.Return(taken);
        Assert.Equal(new CountedKey("one", 2), Assert.Single(count.Take()));
        Assert.Empty(count.Take());
        await Task.CompletedTask;
    }

    [ContractFact]
    public async Task Without_a_limit_nothing_is_counted()
    {
        await using var stage = await Stage();
        Assert.Null(stage.Rooms.Pulls.Take(Caller.Anonymous("192.0.2.1")));
    }

    [ContractTheory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("local", "local")]
    public void An_address_is_one_household(string address, string key) => Assert.Equal(key, AddressKey.Of(address));

    [ContractFact]
    public void A_flood_of_keys_neither_fills_the_memory_nor_frees_those_at_their_limit()
    {
        var count = new SlidingCount(new SlidingWindow(TimeSpan.FromHours(1), new ManualClock()), 1000);
        for (var i = 0; i < 10; i++)
            Assert.True(count.TryAdd("busy", 10));
        for (var i = 0; i < 50_000; i++)
            Assert.True(count.TryAdd($"flood {i}", 10));
        Assert.InRange(count.Keys, 1, 1000);
        Assert.False(count.TryAdd("busy", 10));
    }

    [ContractFact]
    public void What_was_counted_slides_out_of_the_window()
    {
        var clock = new ManualClock();
        var count = new SlidingCount(new SlidingWindow(TimeSpan.FromMinutes(10), clock), 10);
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
}
