using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Users, organisations and teams: who may change what, and what goes with what.</summary>
public abstract class AccountTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : AccountTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : AccountTests(server);

    private const string Nasty = "Robert'); DROP TABLE account;-- <script>alert(1)</script> \"${x}\" %s ✓";

    [ContractFact]
    public async Task Such_names_are_not_to_be_had()
    {
        await using var stage = await Stage();
        string[] names = ["a", "Alice", "-alice", "alice-", "al--ice", "al.ice", "al/ice", "..", "al ice", "älice", "alice\n", "library", "admin", "v2", "api", "settings", "a123456789012345678901234567890123456789"];
        foreach (var name in names)
        {
            await Fails(ErrorKind.InvalidArgument, () => stage.Rooms.Users.Create(Caller.Operator, new NewAccount(name), AccountStage.Password, default).AsTask());
            await Fails(ErrorKind.InvalidArgument, async () => await stage.Rooms.Organisations.Create(await stage.As("alice"), new NewAccount(name), null, default));
        }
    }

    [ContractFact]
    public async Task Users_and_organisations_share_their_names()
    {
        await using var stage = await Stage();
        await Fails(ErrorKind.AlreadyExists, () => stage.Rooms.Users.Create(Caller.Operator, new NewAccount("acme"), AccountStage.Password, default).AsTask());
        await Fails(ErrorKind.AlreadyExists, async () => await stage.Rooms.Organisations.Create(await stage.As("alice"), new NewAccount("bob"), null, default));
    }

    [ContractFact]
    public async Task Every_text_is_stored_and_returned_as_it_was()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        await stage.Rooms.Directory.Change(alice, "alice", new Profile(Nasty), default);
        var email = "o'brien\"--@<script>.example".Replace("<script>", "x");
        await stage.Rooms.Directory.Change(alice, "alice", new Profile(Email: email), default);
        var account = (await stage.Rooms.Directory.Find("alice", default))!;
        Assert.Equal((Nasty, email), (account.FullName, account.Email));
        await stage.Rooms.Tokens.Create(alice, "alice", TokenKind.Personal, Nasty, TokenScopes.Parse("account"), null, default);
        Assert.Equal(Nasty, (await stage.Rooms.Tokens.List(alice, "alice", default))[0].Name);
        await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, AccountStage.Address, Nasty, default);
        Assert.Equal(Nasty, (await stage.Rooms.Logins.List(alice, default))[0].Agent);
        await stage.Rooms.Audit.Record(alice, Nasty, Nasty, Nasty, default);
        var entry = (await stage.Rooms.Audit.List(new AuditFilter(Target: Nasty), 1, default))[0];
        Assert.Equal((Nasty, Nasty, Nasty), (entry.Action, entry.Target, entry.Detail));
        foreach (var name in (string[])[Nasty, "x' OR '1'='1", "alice'--"])
            Assert.Null(await stage.Rooms.Directory.Find(name, default));
    }

    [ContractFact]
    public async Task Only_administrators_make_users_while_sign_up_is_closed()
    {
        await using var stage = await Stage();
        var user = new NewAccount("carol", Admin: true);
        await Fails(ErrorKind.PermissionDenied, async () => await stage.Rooms.Users.Create(await stage.As("alice"), user, AccountStage.Password, default));
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SignUp(AccountStage.Address, user, AccountStage.Password, default).AsTask());
        await Fails(ErrorKind.PermissionDenied, async () => await stage.Rooms.Users.SetSignUp(await stage.As("alice"), true, default));
        await stage.Rooms.Users.SetSignUp(await stage.As("root-user"), true, default);
        Assert.False((await stage.Rooms.Users.SignUp(AccountStage.Address, user, AccountStage.Password, default)).Admin);
        Assert.Equal("carol", (await stage.As("carol")).Name);
    }

    [ContractFact]
    public async Task One_address_does_not_fill_the_registry_with_accounts()
    {
        await using var stage = await Stage();
        await stage.Rooms.Users.SetSignUp(Caller.Operator, true, default);
        for (var i = 0; i < 10; i++)
            await stage.Rooms.Users.SignUp($"2001:db8::{i:x}", new NewAccount($"many{i}"), AccountStage.Password, default);
        Assert.Equal(429, (await AccountStage.Refused(() => stage.Rooms.Users.SignUp("2001:db8::ff", new NewAccount("one-more"), AccountStage.Password, default).AsTask())).Status);
        await stage.Rooms.Users.SignUp("192.0.2.1", new NewAccount("elsewhere"), AccountStage.Password, default);
    }

    [ContractFact]
    public async Task A_browser_that_was_left_signed_in_does_not_guess_the_password()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        for (var i = 0; i < 10; i++)
            await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetPassword(alice, "alice", $"guess number {i}", "another password", default).AsTask());
        Assert.Equal(429, (await AccountStage.Refused(() => stage.Rooms.Users.SetPassword(alice, "alice", AccountStage.Password, "another password", default).AsTask())).Status);
    }

    [ContractFact]
    public async Task Nobody_changes_somebody_else()
    {
        await using var stage = await Stage();
        var bob = await stage.As("bob");
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Directory.Change(bob, "alice", new Profile("x"), default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Directory.Delete(bob, "alice", default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetPassword(bob, "alice", AccountStage.Password, "another password", default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetDisabled(bob, "alice", true, default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetAdmin(bob, "bob", true, default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Directory.SetQuota(bob, "bob", null, default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Tokens.List(bob, "alice", default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Organisations.SetMember(bob, "acme", "bob", MemberRole.Owner, default).AsTask());
        await Fails(ErrorKind.PermissionDenied, async () => await stage.Rooms.Teams.Create(await stage.As("mia"), "acme", "crew", default));
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Desk.RotateKeys(bob, true, default).AsTask());
        await Fails(ErrorKind.Unauthenticated, () => stage.Rooms.Organisations.Create(Caller.Anonymous(""), new NewAccount("new-one"), null, default).AsTask());
        var token = await stage.Token("alice", "repo:read");
        await Fails(ErrorKind.NotFound, () => stage.Rooms.Tokens.Revoke(bob, token.Token.Id, default).AsTask());
    }

    [ContractFact]
    public async Task A_token_manages_accounts_only_with_that_scope_and_makes_no_tokens()
    {
        await using var stage = await Stage();
        var repositories = await stage.Identify("Bearer " + (await stage.Token("alice", "repo:admin")).Secret);
        var account = await stage.Identify("Bearer " + (await stage.Token("alice", "account")).Secret);
        var signed = await stage.Identify("Bearer " + await stage.Signed(await stage.As("alice"), "repository:alice/app:*"));
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Directory.Change(repositories, "alice", new Profile("x"), default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Directory.Change(signed, "alice", new Profile("x"), default).AsTask());
        await stage.Rooms.Directory.Change(account, "alice", new Profile("Alice"), default);
        Assert.StartsWith("403", await stage.Try(account, "alice/app", RepositoryAction.Push));
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Tokens.Create(account, "alice", TokenKind.Personal, "more", TokenScopes.Parse("repo:admin"), null, default).AsTask());
    }

    [ContractFact]
    public async Task A_password_is_changed_by_who_knows_it()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetPassword(alice, "alice", "wrong", "another password", default).AsTask());
        await Fails(ErrorKind.PermissionDenied, () => stage.Rooms.Users.SetPassword(alice, "alice", null, "another password", default).AsTask());
        await Fails(ErrorKind.InvalidArgument, () => stage.Rooms.Users.SetPassword(alice, "alice", AccountStage.Password, "short", default).AsTask());
        await stage.Rooms.Users.SetPassword(await stage.As("root-user"), "alice", null, "another password", default);
        Assert.Equal("alice", (await stage.Identify(AccountStage.Basic("alice", "another password"))).Name);
    }

    [ContractFact]
    public async Task Deleting_an_account_says_what_goes_and_takes_all_of_it()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: false);
        var token = await stage.Token("alice", "repo:read");
        var signed = "Bearer " + await stage.Signed(await stage.As("alice"));
        Assert.Equal((1, 1), await Contents(stage, "alice"));
        await stage.Rooms.Directory.Delete(await stage.As("alice"), "alice", default);
        Assert.Null(await stage.Rooms.Directory.Find("alice", default));
        foreach (var header in (string[])[signed, "Bearer " + token.Secret, AccountStage.Basic("alice", AccountStage.Password)])
            await AccountStage.Refused(() => stage.Identify(header).AsTask());
        Assert.StartsWith("401", await stage.Try(Caller.Anonymous(""), "alice/app", RepositoryAction.Pull));

        // The next of that name is somebody else.
        await stage.Rooms.Users.Create(Caller.Operator, new NewAccount("alice"), AccountStage.Password, default);
        await AccountStage.Refused(() => stage.Identify(signed).AsTask());
        Assert.NotEmpty(await stage.Rooms.Audit.List(new AuditFilter(About: "alice"), 10, default));
    }

    [ContractFact]
    public async Task An_organisation_keeps_an_owner_and_the_registry_an_administrator()
    {
        await using var stage = await Stage();
        var (olga, root) = (await stage.As("olga"), await stage.As("root-user"));
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Directory.Delete(olga, "olga", default).AsTask());
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Organisations.RemoveMember(olga, "acme", "olga", default).AsTask());
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Organisations.SetMember(olga, "acme", "olga", MemberRole.Member, default).AsTask());
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Users.SetAdmin(root, "root-user", false, default).AsTask());
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Users.SetDisabled(root, "root-user", true, default).AsTask());
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Directory.Delete(root, "root-user", default).AsTask());
        await stage.Rooms.Organisations.SetMember(olga, "acme", "mia", MemberRole.Owner, default);
        await stage.Rooms.Organisations.RemoveMember(olga, "acme", "olga", default);
        await stage.Rooms.Directory.Delete(olga, "olga", default);
        await stage.Rooms.Directory.Delete(await stage.As("mia"), "acme", default);
    }

    [ContractFact]
    public async Task Nobody_signs_in_as_an_organisation()
    {
        await using var stage = await Stage();
        await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("acme", "")).AsTask());
        await Fails(ErrorKind.InvalidArgument, () => stage.Rooms.Users.SetPassword(Caller.Operator, "acme", null, AccountStage.Password, default).AsTask());
        await Fails(ErrorKind.InvalidArgument, () => stage.Rooms.Tokens.Create(Caller.Operator, "acme", TokenKind.Personal, "ci", TokenScopes.Parse("repo:read"), null, default).AsTask());
    }

    [ContractFact]
    public async Task A_team_has_members_of_its_organisation_and_rights_on_its_repositories_only()
    {
        await using var stage = await Stage();
        var olga = await stage.As("olga");
        await stage.Rooms.Teams.Create(olga, "acme", "crew", default);
        await stage.Repository("alice", "alice/app", hidden: false);
        await Fails(ErrorKind.FailedPrecondition, () => stage.Rooms.Teams.AddMember(olga, "acme", "crew", "alice", default).AsTask());
        await Fails(ErrorKind.NotFound, () => stage.Rooms.Teams.Grant(olga, "acme", "crew", "alice/app", AccessLevel.Pull, default).AsTask());
        await Fails(ErrorKind.AlreadyExists, () => stage.Rooms.Teams.Create(olga, "acme", "crew", default).AsTask());
        await stage.Rooms.Teams.AddMember(olga, "acme", "crew", "mia", default);
        await stage.Access.Create(olga, "acme/app", null, default);
        await stage.Rooms.Teams.Grant(olga, "acme", "crew", "acme/app", AccessLevel.Admin, default);
        Assert.Equal(["mia"], (await stage.Rooms.Teams.Members("acme", "crew", default)).Select(one => one.Name));
        Assert.Equal(new Right("crew", true, "acme/app", AccessLevel.Admin), Assert.Single(await stage.Rooms.Teams.Rights("acme", "crew", default)));
        Assert.Equal(new Right("crew", true, "acme/app", AccessLevel.Admin), Assert.Single(await stage.Rooms.Collaborators.List(olga, "acme/app", default)));
        await stage.Rooms.Teams.Delete(olga, "acme", "crew", default);
        Assert.Empty(await stage.Rooms.Teams.List("acme", default));
    }

    [ContractFact]
    public async Task The_trail_tells_who_did_what_from_where_and_goes_back_as_far_as_it_should()
    {
        await using var stage = await Stage(new AccountOptions { AuditKept = TimeSpan.FromDays(1) });
        await stage.Repository("alice", "alice/app", hidden: false);
        await AccountStage.Refused(() => stage.Identify(AccountStage.Basic("alice", "wrong password")).AsTask());
        var entries = await stage.Rooms.Audit.List(new AuditFilter(About: "alice"), 10, default);
        Assert.Equal(["sign-in.failed", "repository.create", "account.create"], entries.Select(entry => entry.Action));
        Assert.Equal(("alice", AccountStage.Address, "alice/app"), (entries[1].Account, entries[1].Address, entries[1].Target));
        Assert.Equal(["repository.create"], (await stage.Rooms.Audit.List(new AuditFilter(About: "alice", Before: entries[0].Id), 1, default)).Select(entry => entry.Action));
        Assert.Equal(["sign-in.failed"], (await stage.Rooms.Audit.List(new AuditFilter(Action: "sign-in.failed"), 10, default)).Select(entry => entry.Action));

        // What its robots did, and what was done to its repositories, is about it too; what a name that begins alike did is not.
        await stage.Rooms.Audit.Record(Caller.Anonymous("192.0.2.9") with { Name = "alice+robot" }, AuditAction.ManifestPushed, "acme/app", "", default);
        await stage.Rooms.Audit.Record(Caller.Anonymous("192.0.2.9") with { Name = "alice-2" }, AuditAction.ManifestPushed, "alice-2/app", "", default);
        foreach (var about in (string[])["alice", "acme"])
            Assert.Equal("alice+robot", (await stage.Rooms.Audit.List(new AuditFilter(About: about), 1, default))[0].Account);
        Assert.Single(await stage.Rooms.Audit.List(new AuditFilter(Account: "alice-2", Target: "alice-2/app"), 10, default));
        Assert.Empty(await stage.Rooms.Audit.List(new AuditFilter(Account: "alice-2", Target: "acme/app"), 10, default));
        await stage.Rooms.Tidy(default);
        Assert.Empty(await stage.Rooms.Audit.List(new AuditFilter(), 10, default));
    }

    private static async Task<(long Repositories, long Tokens)> Contents(AccountStage stage, string name)
    {
        var contents = await stage.Rooms.Directory.Contents(Caller.Operator, name, default);
        return (contents.Repositories, contents.Tokens);
    }

    private static async Task Fails(ErrorKind kind, Func<Task> attempt) => Assert.Equal(kind, (await Assert.ThrowsAnyAsync<NaruException>(attempt)).Kind);
}
