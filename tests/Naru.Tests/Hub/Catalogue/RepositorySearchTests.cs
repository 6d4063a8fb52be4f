using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Metadata;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Catalogue;

public abstract class RepositorySearchTests(PostgresServer? server) : EitherDatabase(server), IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-search-").FullName;
    private IDatabase database = null!;

    public sealed class OnSqlite() : RepositorySearchTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : RepositorySearchTests(server);

    public async Task InitializeAsync()
    {
        database = await Open(folder);
        await database.Write(async session =>
        {
            await session.Execute("INSERT INTO account (id, name, organisation, full_name, email, created) VALUES (1, 'keeper', 0, '', '', 0), (2, 'pilot', 0, '', '', 0), (3, 'harbour', 1, '', '', 0)");
            await Add(session, 1, "library/nginx", "The web server", 900);
            await Add(session, 2, "harbour/nginx-proxy", "", 50, account: 3);
            await Add(session, 3, "harbour/site", "A page behind nginx", 5000, account: 3);
            await Add(session, 4, "keeper/nginx", "", 1, account: 1);
            await Add(session, 5, "keeper/secret-nginx", "", 7000, account: 1, hidden: true);
            await Add(session, 6, "seoul/map-server", "서울의 지도를 보내는 서버", 3);
            return "";
        }, default);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [ContractFact]
    public async Task Names_come_before_descriptions_and_within_them_what_is_pulled_more() =>
        Assert.Equal(["library/nginx", "keeper/nginx", "harbour/nginx-proxy", "harbour/site"], await Find("nginx"));

    [ContractFact]
    public async Task All_words_must_be_there_at_least_as_beginnings()
    {
        foreach (var (query, first) in (KeyValuePair<string, string>[])[
            new("keeper/nginx", "keeper/nginx"),
            new("map-serv", "seoul/map-server"),
            new("serv map", "seoul/map-server"),
            new("지도", "seoul/map-server"),
            new("NGINX web", "library/nginx")])
            Assert.Equal(first, Assert.Single(await Find(query)));
    }

    [ContractFact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var query in (string[])["ginx", "nginx nothing", "", "' OR 1=1 --", "100%"])
            Assert.Empty(await Find(query));
    }

    [ContractFact]
    public async Task A_private_repository_is_found_by_those_who_may_pull_it()
    {
        await database.Write(session => session.Execute("INSERT INTO collaborator (repository, account, level) VALUES (5, 2, 'pull')"), default);

        Assert.Empty(await Find("secret"));
        Assert.Empty(await Find("secret", Someone(3, "harbour")));
        Assert.Single(await Find("secret", Someone(1, "keeper")));
        Assert.Single(await Find("secret", Someone(2, "pilot")));
        Assert.Single(await Find("secret", Someone(9, "root") with { Admin = true }));
    }

    [ContractFact]
    public async Task Words_of_very_many_repositories_are_found_by_pulls_with_the_very_name_first()
    {
        await database.Write(async session =>
        {
            for (var i = 0; i < 5100; i++)
                await Add(session, 100 + i, $"many/app{i}", "common words", i);
            await session.Execute("UPDATE repository SET private = 1, account = 1 WHERE id = 5199");
            return "";
        }, default);

        var search = new RepositorySearch(database);
        var first = await search.Find(Caller.Anonymous(""), "common", 0, 3, default);
        var second = await search.Find(Caller.Anonymous(""), "common", 3, 3, default);
        var own = await search.Find(Someone(1, "keeper"), "common", 0, 1, default);

        Assert.Equal(["many/app5098", "many/app5097", "many/app5096"], first.Entries.Select(entry => entry.Name));
        Assert.True(first.More);
        Assert.Equal(["many/app5095", "many/app5094", "many/app5093"], second.Entries.Select(entry => entry.Name));
        Assert.Equal(["many/app5099"], own.Entries.Select(entry => entry.Name));
        Assert.Equal("many/app7", (await search.Find(Caller.Anonymous(""), "many/app7", 0, 3, default)).Entries[0].Name);
    }

    [ContractFact]
    public async Task A_new_description_takes_the_place_of_the_old_ones_words()
    {
        var catalogue = new RepositoryCatalogue(database);
        await catalogue.Describe(new(1, "library/nginx", null, false), "A proxy", "", default);

        Assert.Equal(["library/nginx", "harbour/nginx-proxy"], (await Find("proxy")).Order(StringComparer.Ordinal).Reverse());
        Assert.Empty(await Find("web"));
    }

    private static Caller Someone(long id, string name) => new(id, name, false, "");

    private static async ValueTask Add(ISession session, long id, string name, string description, long pulls, long? account = null, bool hidden = false)
    {
        await session.Execute(
            "INSERT INTO repository (id, account, name, private, description, readme, pulls, created) VALUES ($1, $2, $3, $4, $5, '', $6, 0)", id, account, name, hidden ? 1L : 0L, description, pulls);
        await RepositoryTerms.Write(session, id, name, description);
    }

    private async Task<List<string>> Find(string query, Caller? caller = null) =>
        [.. (await new RepositorySearch(database).Find(caller ?? Caller.Anonymous(""), query, 0, 20, default)).Entries.Select(entry => entry.Name)];
}
