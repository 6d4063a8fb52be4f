using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Tests.Hub.Accounts;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Catalogue;

/// <summary>What the site's pages read.</summary>
public abstract class RepositoryCatalogueTests(PostgresServer? server) : EitherDatabase(server), IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-catalogue-").FullName;

    public sealed class OnSqlite() : RepositoryCatalogueTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : RepositoryCatalogueTests(server);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ContractFact]
    public async Task Repositories_are_listed_to_those_who_may_see_them()
    {
        await using var stage = await Stage();
        var catalogue = new RepositoryCatalogue(stage.Database);
        var (alice, olga) = (await stage.As("alice"), await stage.As("olga"));
        var number = 0;
        foreach (var (owner, name, hidden) in (Tuple<string, string, bool>[])[new("alice", "alice/b", false), new("alice", "alice/a-secret", true), new("alice", "alice/a", false), new("olga", "acme/app", true)])
        {
            var made = await stage.Repository(owner, name, hidden);
            await stage.Database.Write(session => session.Execute("UPDATE repository SET pulls = $2, pushed = $3 WHERE id = $1", made.Id, (long)++number, name == "alice/b" ? null : (long?)number), default);
        }

        await stage.Rooms.Collaborators.Set(olga, "acme/app", "bob", AccessLevel.Pull, default);
        Assert.Equal(["alice/a", "alice/b"], Names(await catalogue.Popular(10, default)));
        Assert.Equal(["alice/a"], Names(await catalogue.Popular(1, default)));
        Assert.Equal(["alice/a"], Names(await catalogue.Recent(Caller.Anonymous(""), 10, default)));
        Assert.Equal(["alice/a", "alice/a-secret"], Names(await catalogue.Recent(alice, 10, default)));
        Assert.Equal(["acme/app"], Names(await catalogue.Recent(olga, 10, default)));
        Assert.Equal(["acme/app"], Names(await catalogue.Recent(await stage.As("bob"), 10, default)));
        Assert.Equal(2, await catalogue.Count(default));
        var own = await catalogue.OfAccount(alice, alice.Account!.Value, 0, 2, default);
        Assert.Equal(["alice/a", "alice/a-secret"], Names(own.Entries));
        Assert.True(own.More);
        Assert.Equal(["alice/a", "alice/b"], Names((await catalogue.OfAccount(olga, alice.Account!.Value, 0, 5, default)).Entries));
        Assert.Equal(["alice", "bob", "mia", "olga"], (await catalogue.Accounts("", 1, 4, default)).Select(account => account.Name));
        Assert.Equal(["root-user"], (await catalogue.Accounts("roo", 0, 4, default)).Select(account => account.Name));
    }

    [ContractFact]
    public async Task Tags_are_found_by_any_part_of_their_name_in_either_case()
    {
        await using var hub = new TestHub(await Open(folder), new FolderStorage(folder));
        var repository = await hub.Repository("team/app");
        foreach (var tag in (string[])["v1.0-RC1", "v1.0", "V2_rc1", "nightly", "100"])
            await hub.PushImage(repository, tag, [tag]);
        var catalogue = new RepositoryCatalogue(hub.Database);
        async Task<List<string>> Find(string filter, int offset = 0, int count = 10) => [.. (await catalogue.Tags(repository, filter, offset, count, default)).Select(tag => tag.Name)];
        Assert.Equal(["100", "nightly", "V2_rc1", "v1.0", "v1.0-RC1"], await Find(""));
        Assert.Equal(["nightly", "V2_rc1"], await Find("", 1, 2));
        Assert.Equal(["V2_rc1", "v1.0-RC1"], await Find("rc1"));
        Assert.Equal(["V2_rc1", "v1.0-RC1"], await Find("RC1"));
        Assert.Equal(["V2_rc1"], await Find("_"));
        Assert.Empty(await Find("%"));
        Assert.Empty(await Find("\\"));
        Assert.Equal(["V2_rc1", "v1.0", "v1.0-RC1"], await Find("v"));
        Assert.Equal(["100", "V2_rc1", "nightly", "v1.0", "v1.0-RC1"], await hub.Manifests.Tags(repository, "", 10, default));
    }

    [ContractFact]
    public async Task Sizes_and_counts_are_of_distinct_blobs()
    {
        await using var stage = await Stage();
        await using var storage = new FolderStorage(folder);
        await using var uploads = new Uploads(stage.Database, storage);
        var catalogue = new RepositoryCatalogue(stage.Database);
        var repositories = new List<Repository> { await stage.Repository("alice", "alice/one", hidden: false), await stage.Repository("alice", "alice/two", hidden: false), await stage.Repository("bob", "bob/one", hidden: false) };
        Assert.Equal((0L, 0L), ((await catalogue.Counts(default)).Blobs, (await catalogue.Counts(default)).Size));
        Assert.Empty(await catalogue.Largest(10, default));
        foreach (var repository in repositories)
        {
            var content = Encoding.UTF8.GetBytes(new string('x', 100));
            await uploads.Finish(repository, await uploads.Begin(repository, Caller.Operator, default), new MemoryStream(content), null, Naru.Oci.Digest.Of(content), default);
        }

        var more = Encoding.UTF8.GetBytes("bob's own");
        await uploads.Finish(repositories[2], await uploads.Begin(repositories[2], Caller.Operator, default), new MemoryStream(more), null, Naru.Oci.Digest.Of(more), default);
        await stage.Rooms.Directory.SetQuota(Caller.Operator, "alice", 500, default);
        Assert.Equal([new AccountUsage("bob", 109, null), new AccountUsage("alice", 100, 500)], await catalogue.Largest(10, default));
        var counts = await catalogue.Counts(default);
        Assert.Equal((6L, 3L, 0L, 2L, 109L), (counts.Accounts, counts.Repositories, counts.Tags, counts.Blobs, counts.Size));
        var details = (await catalogue.Find(repositories[2], default))!;
        Assert.Equal((0L, 109L), (details.Tags, details.Size));
        await catalogue.Describe(repositories[2], "What it is; 'quoted' 서울", "# Readme", default);
        Assert.Equal("# Readme", (await catalogue.Find(repositories[2], default))!.Readme);
    }

    private static List<string> Names(IEnumerable<RepositoryEntry> entries) => [.. entries.Select(entry => entry.Name)];
}
