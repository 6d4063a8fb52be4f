using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Registry;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Whom the Authorization header names.</summary>
public abstract class AuthenticationTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : AuthenticationTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : AuthenticationTests(server);

    [ContractFact]
    public async Task A_password_and_tokens_name_their_account()
    {
        await using var stage = await Stage();
        var password = await stage.Identify(AccountStage.Basic("Alice", AccountStage.Password));
        Assert.Equal("alice", password.Name);
        Assert.True(password.MayManage);
        var token = await stage.Token("alice", "repo:read");
        foreach (var header in (string[])[AccountStage.Basic("alice", token.Secret), "Bearer " + token.Secret, "bearer " + token.Secret])
        {
            var caller = await stage.Identify(header);
            Assert.Equal("alice", caller.Name);
            Assert.Equal(Credential.Token, caller.Credential);
            Assert.False(caller.MayManage);
        }
    }

    [ContractFact]
    public async Task No_header_is_nobody()
    {
        await using var stage = await Stage();
        Assert.Null((await stage.Rooms.Authentication.Identify(null, AccountStage.Address, AccountStage.Service, default)).Account);
    }

    [ContractFact]
    public async Task What_is_no_credential_is_refused()
    {
        await using var stage = await Stage();
        string[] headers = ["Basic !!!", "Basic YWxpY2U=", "Digest username=alice", "Basic", "Bearer", "Bearer naru_pat_wrong", "Bearer naru_ref_wrong", "Bearer a.b.c"];
        foreach (var header in headers)
            Assert.Equal(401, (await AccountStage.Refused(() => stage.Identify(header).AsTask())).Status);
    }

    [ContractFact]
    public async Task An_unknown_name_and_a_wrong_password_get_the_same_answer_after_the_same_work()
    {
        await using var stage = await Stage();
        var wrong = await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("alice", "wrong password")).AsTask());
        foreach (var name in (string[])["nobody", "acme", "' OR 1=1 --"])
        {
            var unknown = await AccountStage.Refused(() => stage.Identify(AccountStage.Basic(name, "wrong password")).AsTask());
            Assert.Equal(AccountStage.Answer(wrong, "-"), AccountStage.Answer(unknown, "-"));
        }
    }

    [ContractFact]
    public async Task A_token_signs_in_under_its_own_accounts_name_only()
    {
        await using var stage = await Stage();
        var token = await stage.Token("alice", "repo:read");
        var robot = await stage.Token("olga", "repo:write repository:acme/app", TokenKind.Robot, "acme");
        await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("bob", token.Secret)).AsTask());
        await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("acme", robot.Secret)).AsTask());
        Assert.Equal("acme+ci", (await stage.Identify(AccountStage.Basic("acme+ci", robot.Secret))).Name);
    }

    [ContractFact]
    public async Task A_robot_does_what_its_scopes_say_in_its_organisation()
    {
        await using var stage = await Stage();
        await stage.Access.Create(await stage.As("olga"), "acme/other", true, default);
        var robot = await stage.Identify(AccountStage.Basic("acme+ci", (await stage.Token("olga", "repo:write repository:acme/app", TokenKind.Robot, "acme")).Secret));
        Assert.Equal("ok", await stage.Try(robot, "acme/app", RepositoryAction.Push));
        Assert.StartsWith("403", await stage.Try(robot, "acme/app", RepositoryAction.Delete));
        Assert.StartsWith("404", await stage.Try(robot, "acme/other", RepositoryAction.Pull));
        Assert.StartsWith("403", await stage.Try(robot, "acme/more", RepositoryAction.Push));
        Assert.False(robot.MayManage);
    }

    [ContractFact]
    public async Task A_refresh_token_is_no_password()
    {
        await using var stage = await Stage();
        var refresh = (await stage.Rooms.Desk.Issue(await stage.As("alice"), AccountStage.Service, [], "docker", default)).Refresh!;
        await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("alice", refresh)).AsTask());
        await AccountStage.Refused(() => stage.Identify("Bearer " + refresh).AsTask());
        Assert.Equal("alice", (await stage.Rooms.Desk.ByRefresh(refresh, AccountStage.Address, default)).Name);
    }

    [ContractFact]
    public async Task Another_password_ends_all_that_the_old_one_began()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        var answer = await stage.Rooms.Desk.Issue(alice, AccountStage.Service, [], "docker", default);
        var login = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, AccountStage.Address, "browser", default);
        var other = stage.OtherProcess();
        Assert.Equal("alice", (await other.Authentication.Identify(AccountStage.Basic("alice", AccountStage.Password), AccountStage.Address, AccountStage.Service, default)).Name);
        await stage.Rooms.Users.SetPassword(alice, "alice", AccountStage.Password, "another password", default);
        await AccountStage.Refused(() => stage.As("alice").AsTask());
        await AccountStage.Refused(() => stage.Identify("Bearer " + answer.Token).AsTask());
        await AccountStage.Refused(() => stage.Rooms.Desk.ByRefresh(answer.Refresh!, AccountStage.Address, default).AsTask());
        Assert.Null(await stage.Rooms.Logins.Identify(login.Cookie, AccountStage.Address, default));
        stage.Clock.Pass(Access.Stale);
        await AccountStage.Refused(() => other.Authentication.Identify(AccountStage.Basic("alice", AccountStage.Password), AccountStage.Address, AccountStage.Service, default).AsTask());
        await AccountStage.Refused(() => other.Authentication.Identify("Bearer " + answer.Token, AccountStage.Address, AccountStage.Service, default).AsTask());
        Assert.Equal("alice", (await stage.Identify(AccountStage.Basic("alice", "another password"))).Name);
    }

    [ContractFact]
    public async Task A_disabled_account_is_let_in_by_nothing_at_once_here_and_after_seconds_elsewhere()
    {
        await using var stage = await Stage();
        var other = stage.OtherProcess();
        var token = await stage.Token("alice", "repo:read");
        var headers = new List<string>
        {
            AccountStage.Basic("alice", AccountStage.Password), AccountStage.Basic("alice", token.Secret),
            "Bearer " + await stage.Signed(await stage.As("alice")), "Bearer " + await stage.Signed(await stage.Identify("Bearer " + token.Secret)),
        };
        var login = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, AccountStage.Address, "browser", default);
        foreach (var header in headers)
            Assert.Equal("alice", (await other.Authentication.Identify(header, AccountStage.Address, AccountStage.Service, default)).Name);
        Assert.NotNull(await other.Logins.Identify(login.Cookie, AccountStage.Address, default));
        await stage.Rooms.Users.SetDisabled(await stage.As("root-user"), "alice", true, default);
        foreach (var header in headers)
            await AccountStage.Refused(() => stage.Identify(header).AsTask());
        stage.Clock.Pass(Access.Stale);
        foreach (var header in headers)
            await AccountStage.Refused(() => other.Authentication.Identify(header, AccountStage.Address, AccountStage.Service, default).AsTask());
        Assert.Null(await other.Logins.Identify(login.Cookie, AccountStage.Address, default));
        await stage.Rooms.Users.SetDisabled(await stage.As("root-user"), "alice", false, default);
        Assert.Equal("alice", (await stage.As("alice")).Name);
    }

    [ContractFact]
    public async Task A_revoked_or_expired_token_ends_with_the_signed_tokens_that_it_got()
    {
        await using var stage = await Stage();
        var revoked = await stage.Token("alice", "repo:read");
        var expiring = await stage.Rooms.Tokens.Create(await stage.As("alice"), "alice", TokenKind.Personal, "short", TokenScopes.Parse("repo:read"), stage.Clock.GetUtcNow().UtcDateTime + TimeSpan.FromMinutes(1), default);
        var byRevoked = "Bearer " + await stage.Signed(await stage.Identify("Bearer " + revoked.Secret));
        var byExpiring = "Bearer " + await stage.Signed(await stage.Identify("Bearer " + expiring.Secret));
        await stage.Identify(byRevoked);
        await stage.Identify(byExpiring);
        await stage.Rooms.Tokens.Revoke(await stage.As("alice"), revoked.Token.Id, default);
        await AccountStage.Refused(() => stage.Identify("Bearer " + revoked.Secret).AsTask());
        await AccountStage.Refused(() => stage.Identify(byRevoked).AsTask());
        stage.Clock.Pass(TimeSpan.FromMinutes(1));
        await AccountStage.Refused(() => stage.Identify("Bearer " + expiring.Secret).AsTask());
        await AccountStage.Refused(() => stage.Identify(byExpiring).AsTask());
    }

    [ContractFact]
    public async Task Who_guesses_has_to_wait_and_even_the_right_password_does_then()
    {
        await using var stage = await Stage();
        for (var i = 0; i < 10; i++)
            Assert.Equal(401, (await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("alice", $"guess number {i}")).AsTask())).Status);
        var refused = await AccountStage.Refused(() => stage.As("alice").AsTask());
        Assert.Equal("TOOMANYREQUESTS", refused.Word);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30));

        // Alice elsewhere, and her tokens here, are not held up.
        Assert.Equal("alice", (await stage.Rooms.Authentication.Identify(AccountStage.Basic("alice", AccountStage.Password), "198.51.100.1", AccountStage.Service, default)).Name);
        var token = await stage.Rooms.Tokens.Create(Caller.Operator, "alice", TokenKind.Personal, "ci", TokenScopes.Parse("repo:read"), null, default);
        Assert.Equal("alice", (await stage.Identify(AccountStage.Basic("alice", token.Secret))).Name);
        stage.Clock.Pass(refused.RetryAfter!.Value);
        Assert.Equal("alice", (await stage.As("alice")).Name);
    }

    [ContractFact]
    public async Task An_address_that_tries_many_names_has_to_wait_for_all_of_them()
    {
        await using var stage = await Stage();
        for (var i = 0; i < 60; i++)
            await AccountStage.Refused(() => stage.Rooms.Authentication.Identify(AccountStage.Basic($"name{i}", "guessed it"), $"2001:db8:1:2::{i:x}", AccountStage.Service, default).AsTask());
        var refused = await AccountStage.Refused(() => stage.Rooms.Authentication.Identify(AccountStage.Basic("bob", AccountStage.Password), "2001:db8:1:2:ffff::1", AccountStage.Service, default).AsTask());
        Assert.Equal(429, refused.Status);
        Assert.Equal("bob", (await stage.Rooms.Authentication.Identify(AccountStage.Basic("bob", AccountStage.Password), "2001:db8:1:3::1", AccountStage.Service, default)).Name);
    }

    [ContractFact]
    public async Task Guesses_at_several_processes_count_together_and_the_right_password_forgives_them()
    {
        await using var stage = await Stage();
        AccountRooms[] processes = [stage.Rooms, stage.OtherProcess(), stage.OtherProcess()];
        ValueTask<Caller> Try(int process, string password) =>
            processes[process % 3].Authentication.Identify(AccountStage.Basic("alice", password), AccountStage.Address, AccountStage.Service, default);
        for (var i = 0; i < 9; i++)
            Assert.Equal(401, (await AccountStage.Refused(() => Try(i, $"guess {i}").AsTask())).Status);
        Assert.Equal("alice", (await Try(0, AccountStage.Password)).Name);
        for (var i = 0; i < 10; i++)
            Assert.Equal(401, (await AccountStage.Refused(() => Try(i, $"again {i}").AsTask())).Status);
        for (var process = 1; process < 3; process++)
            Assert.Equal(429, (await AccountStage.Refused(() => Try(process, AccountStage.Password).AsTask())).Status);
    }

    [ContractFact]
    public async Task Many_guesses_at_once_are_no_more_than_one_after_the_other()
    {
        await using var stage = await Stage();
        AccountRooms[] processes = [stage.Rooms, stage.OtherProcess()];
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () => (await AccountStage.Refused(() =>
            processes[i % 2].Authentication.Identify(AccountStage.Basic("alice", $"guess {i}"), AccountStage.Address, AccountStage.Service, default).AsTask())).Status)));
        Assert.Equal(10, answers.Count(status => status == 401));
        Assert.Equal(90, answers.Count(status => status == 429));
        Assert.Equal(429, (await AccountStage.Refused(() => stage.As("alice").AsTask())).Status);
    }

    [ContractTheory]
    [InlineData("al\0ice")]
    [InlineData("'; DROP TABLE account; --")]
    public async Task A_name_that_nobody_can_have_is_unknown(string name)
    {
        await using var stage = await Stage();
        foreach (var odd in (string[])[name, new string('x', 10_000)])
            Assert.Equal("incorrect username or password", (await AccountStage.Refused(() => stage.Identify(AccountStage.Basic(odd, "password")).AsTask())).Message);
    }

    [ContractFact]
    public async Task A_tokens_use_is_written_once_a_minute()
    {
        await using var stage = await Stage();
        var token = await stage.Token("alice", "repo:read");
        Assert.Null(token.Token.Used);
        var first = stage.Clock.GetUtcNow().UtcDateTime;
        await stage.Identify("Bearer " + token.Secret);
        stage.Clock.Pass(TimeSpan.FromSeconds(30));
        await stage.Identify("Bearer " + token.Secret);
        Assert.Equal(first, (await stage.Rooms.Tokens.List(await stage.As("alice"), "alice", default))[0].Used);
        stage.Clock.Pass(TimeSpan.FromSeconds(31));
        await stage.Identify("Bearer " + token.Secret);
        Assert.Equal(stage.Clock.GetUtcNow().UtcDateTime, (await stage.Rooms.Tokens.List(await stage.As("alice"), "alice", default))[0].Used);
    }

    [ContractFact]
    public async Task Only_a_hash_of_a_token_is_kept()
    {
        await using var stage = await Stage();
        var token = await stage.Token("alice", "repo:read");
        var login = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, AccountStage.Address, "browser", default);
        var hashes = await stage.Database.Read(session => session.Query("SELECT hash FROM token UNION ALL SELECT hash FROM login", row => row.Text(0)), default);
        Assert.Equal(2, hashes.Count);
        Assert.DoesNotContain(hashes, hash => token.Secret.Contains(hash, StringComparison.Ordinal) || login.Cookie.Contains(hash, StringComparison.Ordinal) || hash.Length != 64);
        Assert.StartsWith("naru_pat_", token.Secret);
    }
}
