using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>What a signed token lists of what was asked for.</summary>
public abstract class TokenDeskTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : TokenDeskTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : TokenDeskTests(server);

    [ContractFact]
    public async Task Only_what_is_allowed_is_listed()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: false);
        await stage.Repository("alice", "alice/secret", hidden: true);
        string[][] rows =
        [
            ["alice", "repository:alice/app:pull,push", "repository:alice/app:pull,push"],
            ["alice", "repository:alice/app:*", "repository:alice/app:*"],
            ["alice", "repository:alice/app:delete", "repository:alice/app:delete"],
            ["alice", "repository:alice/new:pull,push", "repository:alice/new:pull,push"],
            ["alice", "repository:bob/new:pull,push", ""],
            ["alice", "repository:alice/app:pull repository:alice/other:push", "repository:alice/app:pull repository:alice/other:push"],
            ["alice", "repository(plugin):alice/app:pull", "repository:alice/app:pull"],
            ["alice", "registry:catalog:*", "registry:catalog:*"],
            ["alice", "registry:other:*", ""],
            ["alice", "nonsense", ""],
            ["alice", "repository::pull", ""],
            ["alice", "repository:../../etc:pull", ""],
            ["alice", "repository:alice/app:fly", ""],
            ["bob", "repository:alice/app:pull,push", "repository:alice/app:pull"],
            ["bob", "repository:alice/app:*", "repository:alice/app:pull"],
            ["bob", "repository:alice/secret:pull,push", ""],
            ["nobody", "repository:alice/app:pull,push", "repository:alice/app:pull"],
            ["nobody", "repository:alice/secret:pull", ""],
            ["root-user", "repository:alice/secret:*", "repository:alice/secret:*"],
            ["root-user", "repository:busybox:pull,push", "repository:busybox:pull,push"],
        ];
        foreach (var row in rows)
        {
            var caller = row[0] == "nobody" ? Caller.Anonymous(AccountStage.Address) : await stage.As(row[0]);
            Assert.Equal($"{row[0]}: {row[2]}", $"{row[0]}: {(await stage.Rooms.Desk.Issue(caller, AccountStage.Service, [row[1]], null, default)).Scope}");
        }
    }

    [ContractFact]
    public async Task A_stored_token_gets_no_more_than_its_scopes()
    {
        await using var stage = await Stage();
        await stage.Repository("bob", "bob/shown", hidden: false);
        var caller = await stage.Identify(AccountStage.Basic("alice", (await stage.Token("alice", "repo:read repository:alice/app")).Secret));
        string[] scopes = ["repository:alice/app:pull,push", "repository:alice/other:pull", "repository:bob/shown:pull"];
        Assert.Equal("repository:alice/app:pull repository:bob/shown:pull", (await stage.Rooms.Desk.Issue(caller, AccountStage.Service, scopes, null, default)).Scope);
    }

    [ContractFact]
    public async Task Only_a_password_gets_a_refresh_token()
    {
        await using var stage = await Stage();
        var token = await stage.Identify("Bearer " + (await stage.Token("alice", "repo:read")).Secret);
        Assert.Null((await stage.Rooms.Desk.Issue(token, AccountStage.Service, [], "docker", default)).Refresh);
        Assert.Null((await stage.Rooms.Desk.Issue(Caller.Anonymous(""), AccountStage.Service, [], "docker", default)).Refresh);
        Assert.StartsWith("naru_ref_", (await stage.Rooms.Desk.Issue(await stage.As("alice"), AccountStage.Service, [], "docker", default)).Refresh);
    }

    [ContractFact]
    public async Task The_oldest_of_many_refresh_tokens_make_room()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        var first = (await stage.Rooms.Desk.Issue(alice, AccountStage.Service, [], "docker", default)).Refresh!;
        for (var i = 0; i < 60; i++)
            await stage.Rooms.Desk.Issue(alice, AccountStage.Service, [], "docker", default);
        Assert.Equal(50, (await stage.Rooms.Tokens.List(alice, "alice", default)).Count);
        await AccountStage.Refused(() => stage.Rooms.Desk.ByRefresh(first, AccountStage.Address, default).AsTask());
    }

    [ContractFact]
    public async Task Nobody_gets_a_thousand_scopes()
    {
        await using var stage = await Stage();
        var many = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"repository:alice/a{i}:pull"));
        Assert.Equal(400, (await AccountStage.Refused(() => stage.Rooms.Desk.Issue(Caller.Anonymous(""), AccountStage.Service, [many], null, default).AsTask())).Status);
    }

    [ContractTheory]
    [InlineData("repo:read", "repo:read")]
    [InlineData("repo:read repo:write account", "repo:write account")]
    [InlineData("repo:admin,repository:a/b,repository:c/*", "repo:admin repository:a/b repository:c/*")]
    [InlineData("account", "account")]
    public void Scopes_are_kept_as_they_mean(string text, string kept) => Assert.Equal(kept, TokenScopes.Parse(text).ToString());

    [ContractTheory]
    [InlineData("")]
    [InlineData("repository:a/b")]
    [InlineData("repo:fly")]
    [InlineData("repo:read repository:A/b")]
    [InlineData("repo:read repository:*")]
    [InlineData("repo:read repository:a/b*")]
    [InlineData("repo:read repository:a';DROP")]
    public void What_is_no_scope_is_told(string text) => Assert.ThrowsAny<Exception>(() => TokenScopes.Parse(text));

    [ContractTheory]
    [InlineData("https", "hub.example.com", null, null, "Bearer realm=\"https://hub.example.com/token\",service=\"hub.example.com\"")]
    [InlineData("http", "localhost:5000", "repository:a/b:pull", null, "Bearer realm=\"http://localhost:5000/token\",service=\"localhost:5000\",scope=\"repository:a/b:pull\"")]
    [InlineData("http", "[::1]:5000", "repository:a/b:pull,push", "insufficient_scope", "Bearer realm=\"http://[::1]:5000/token\",service=\"[::1]:5000\",scope=\"repository:a/b:pull,push\",error=\"insufficient_scope\"")]
    [InlineData("http", "evil\",x=\"", null, "invalid_token", "Bearer realm=\"http://localhost/token\",service=\"localhost\",error=\"invalid_token\"")]
    public void A_challenge_reads_as_clients_expect(string scheme, string host, string? scope, string? error, string header) =>
        Assert.Equal(header, Challenge.Of(null, scheme, host).Header(scope, error));

    [ContractFact]
    public void The_registrys_own_address_goes_before_what_a_request_says() =>
        Assert.Equal("Bearer realm=\"https://hub.example.com:8443/token\",service=\"hub.example.com:8443\"", Challenge.Of(new Uri("https://hub.example.com:8443"), "http", "10.0.0.1").Header(null, null));
}
