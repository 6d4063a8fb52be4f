using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;

namespace Naru.Tests.Hub.Accounts;

/// <summary>What a signed token lists of what was asked for.</summary>
public sealed class TokenDeskTests
{
    [Theory]
    [InlineData("alice", "repository:alice/app:pull,push", "repository:alice/app:pull,push")]
    [InlineData("alice", "repository:alice/app:*", "repository:alice/app:*")]
    [InlineData("alice", "repository:alice/app:delete", "repository:alice/app:delete")]
    [InlineData("alice", "repository:alice/new:pull,push", "repository:alice/new:pull,push")]
    [InlineData("alice", "repository:bob/new:pull,push", "")]
    [InlineData("alice", "repository:alice/app:pull repository:alice/other:push", "repository:alice/app:pull repository:alice/other:push")]
    [InlineData("alice", "repository(plugin):alice/app:pull", "repository:alice/app:pull")]
    [InlineData("alice", "registry:catalog:*", "registry:catalog:*")]
    [InlineData("alice", "registry:other:*", "")]
    [InlineData("alice", "nonsense", "")]
    [InlineData("alice", "repository::pull", "")]
    [InlineData("alice", "repository:../../etc:pull", "")]
    [InlineData("alice", "repository:alice/app:fly", "")]
    [InlineData("bob", "repository:alice/app:pull,push", "repository:alice/app:pull")]
    [InlineData("bob", "repository:alice/app:*", "repository:alice/app:pull")]
    [InlineData("bob", "repository:alice/secret:pull,push", "")]
    [InlineData("nobody", "repository:alice/app:pull,push", "repository:alice/app:pull")]
    [InlineData("nobody", "repository:alice/secret:pull", "")]
    [InlineData("root-user", "repository:alice/secret:*", "repository:alice/secret:*")]
    [InlineData("root-user", "repository:busybox:pull,push", "repository:busybox:pull,push")]
    public async Task Only_what_is_allowed_is_listed(string who, string asked, string granted)
    {
        await using var stage = await AccountStage.Open();
        await stage.Repository("alice", "alice/app", hidden: false);
        await stage.Repository("alice", "alice/secret", hidden: true);
        var caller = who == "nobody" ? Caller.Anonymous(AccountStage.Address) : await stage.As(who);
        Assert.Equal(granted, (await stage.Rooms.Desk.Issue(caller, AccountStage.Service, [asked], null, default)).Scope);
    }

    [Fact]
    public async Task A_stored_token_gets_no_more_than_its_scopes()
    {
        await using var stage = await AccountStage.Open();
        await stage.Repository("bob", "bob/shown", hidden: false);
        var caller = await stage.Identify(AccountStage.Basic("alice", (await stage.Token("alice", "repo:read repository:alice/app")).Secret));
        string[] scopes = ["repository:alice/app:pull,push", "repository:alice/other:pull", "repository:bob/shown:pull"];
        Assert.Equal("repository:alice/app:pull repository:bob/shown:pull", (await stage.Rooms.Desk.Issue(caller, AccountStage.Service, scopes, null, default)).Scope);
    }

    [Fact]
    public async Task Only_a_password_gets_a_refresh_token()
    {
        await using var stage = await AccountStage.Open();
        var token = await stage.Identify("Bearer " + (await stage.Token("alice", "repo:read")).Secret);
        Assert.Null((await stage.Rooms.Desk.Issue(token, AccountStage.Service, [], "docker", default)).Refresh);
        Assert.Null((await stage.Rooms.Desk.Issue(Caller.Anonymous(""), AccountStage.Service, [], "docker", default)).Refresh);
        Assert.StartsWith("naru_ref_", (await stage.Rooms.Desk.Issue(await stage.As("alice"), AccountStage.Service, [], "docker", default)).Refresh);
    }

    [Fact]
    public async Task The_oldest_of_many_refresh_tokens_make_room()
    {
        await using var stage = await AccountStage.Open();
        var alice = await stage.As("alice");
        var first = (await stage.Rooms.Desk.Issue(alice, AccountStage.Service, [], "docker", default)).Refresh!;
        for (var i = 0; i < 60; i++)
            await stage.Rooms.Desk.Issue(alice, AccountStage.Service, [], "docker", default);
        Assert.Equal(50, (await stage.Rooms.Tokens.List(alice, "alice", default)).Count);
        await AccountStage.Refused(() => stage.Rooms.Desk.ByRefresh(first, AccountStage.Address, default).AsTask());
    }

    [Fact]
    public async Task Nobody_gets_a_thousand_scopes()
    {
        await using var stage = await AccountStage.Open();
        var many = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"repository:alice/a{i}:pull"));
        Assert.Equal(400, (await AccountStage.Refused(() => stage.Rooms.Desk.Issue(Caller.Anonymous(""), AccountStage.Service, [many], null, default).AsTask())).Status);
    }

    [Theory]
    [InlineData("repo:read", "repo:read")]
    [InlineData("repo:read repo:write account", "repo:write account")]
    [InlineData("repo:admin,repository:a/b,repository:c/*", "repo:admin repository:a/b repository:c/*")]
    [InlineData("account", "account")]
    public void Scopes_are_kept_as_they_mean(string text, string kept) => Assert.Equal(kept, TokenScopes.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("repository:a/b")]
    [InlineData("repo:fly")]
    [InlineData("repo:read repository:A/b")]
    [InlineData("repo:read repository:*")]
    [InlineData("repo:read repository:a/b*")]
    [InlineData("repo:read repository:a';DROP")]
    public void What_is_no_scope_is_told(string text) => Assert.ThrowsAny<Exception>(() => TokenScopes.Parse(text));

    [Theory]
    [InlineData("https", "hub.example.com", null, null, "Bearer realm=\"https://hub.example.com/token\",service=\"hub.example.com\"")]
    [InlineData("http", "localhost:5000", "repository:a/b:pull", null, "Bearer realm=\"http://localhost:5000/token\",service=\"localhost:5000\",scope=\"repository:a/b:pull\"")]
    [InlineData("http", "[::1]:5000", "repository:a/b:pull,push", "insufficient_scope", "Bearer realm=\"http://[::1]:5000/token\",service=\"[::1]:5000\",scope=\"repository:a/b:pull,push\",error=\"insufficient_scope\"")]
    [InlineData("http", "evil\",x=\"", null, "invalid_token", "Bearer realm=\"http://localhost/token\",service=\"localhost\",error=\"invalid_token\"")]
    public void A_challenge_reads_as_clients_expect(string scheme, string host, string? scope, string? error, string header) =>
        Assert.Equal(header, Challenge.Of(null, scheme, host).Header(scope, error));

    [Fact]
    public void The_registrys_own_address_goes_before_what_a_request_says() =>
        Assert.Equal("Bearer realm=\"https://hub.example.com:8443/token\",service=\"hub.example.com:8443\"", Challenge.Of(new Uri("https://hub.example.com:8443"), "http", "10.0.0.1").Header(null, null));
}
