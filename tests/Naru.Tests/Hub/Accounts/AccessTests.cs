using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Who may do what to what.</summary>
public abstract class AccessTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : AccessTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : AccessTests(server);

    private const string Unauthorized = "401 UNAUTHORIZED";
    private const string Denied = "403 DENIED";
    private const string Unknown = "404 NAME_UNKNOWN";

    /// <summary>Each line: who, then what pull, push, delete and administer come to; first for a public repository of alice's, then for a private one.</summary>
    [ContractFact]
    public async Task Who_may_do_what()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/public", hidden: false);
        await stage.Repository("alice", "alice/private", hidden: true);
        var alice = await stage.As("alice");
        foreach (var (name, level) in (KeyValuePair<string, AccessLevel>[])[new("puller", AccessLevel.Pull), new("pusher", AccessLevel.Push), new("keeper", AccessLevel.Admin)])
        {
            await stage.Rooms.Users.Create(Caller.Operator, new NewAccount(name), AccountStage.Password, default);
            await stage.Rooms.Collaborators.Set(alice, "alice/private", name, level, default);
            await stage.Rooms.Collaborators.Set(alice, "alice/public", name, level, default);
        }

        // Who, which; pull, push, delete, administer. The last of them makes it.
        string[][] rows =
        [
            ["nobody", "public", "ok", Unauthorized, Unauthorized, Unauthorized],
            ["nobody", "private", Unauthorized, Unauthorized, Unauthorized, Unauthorized],
            ["nobody", "absent", Unauthorized, Unauthorized, Unauthorized, Unauthorized],
            ["bob", "public", "ok", Denied, Denied, Denied],
            ["bob", "private", Unknown, Denied, Denied, Denied],
            ["bob", "absent", Unknown, Denied, Denied, Denied],
            ["alice", "public", "ok", "ok", "ok", "ok"],
            ["alice", "private", "ok", "ok", "ok", "ok"],
            ["puller", "private", "ok", Denied, Denied, Denied],
            ["pusher", "public", "ok", "ok", Denied, Denied],
            ["pusher", "private", "ok", "ok", Denied, Denied],
            ["keeper", "private", "ok", "ok", "ok", "ok"],
            ["root-user", "public", "ok", "ok", "ok", "ok"],
            ["root-user", "private", "ok", "ok", "ok", "ok"],
            ["root-user", "absent", Unknown, "ok", "ok", "ok"],
        ];
        RepositoryAction[] actions = [RepositoryAction.Pull, RepositoryAction.Push, RepositoryAction.Delete, RepositoryAction.Administer];
        foreach (var row in rows)
        {
            var caller = row[0] == "nobody" ? Caller.Anonymous(AccountStage.Address) : await stage.As(row[0]);
            for (var i = 0; i < actions.Length; i++)
                Assert.StartsWith($"{row[0]} {row[1]} {actions[i]} {row[i + 2]}", $"{row[0]} {row[1]} {actions[i]} {await stage.Try(caller, $"alice/{row[1]}", actions[i])}");
        }
    }

    [ContractFact]
    public async Task A_private_repository_answers_in_every_word_as_one_that_is_not_there()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/secret", hidden: true);
        var token = await stage.Token("bob", "repo:admin");
        var callers = new List<Caller>
        {
            Caller.Anonymous(AccountStage.Address),
            await stage.As("bob"),
            await stage.Identify(AccountStage.Basic("bob", token.Secret)),
            await stage.Identify("Bearer " + await stage.Signed(await stage.As("bob"), "repository:alice/secret:pull,push", "repository:alice/absent:pull,push")),
            await stage.Identify("Bearer " + await stage.Signed(Caller.Anonymous(AccountStage.Address), "repository:alice/secret:pull")),
        };
        foreach (var caller in callers)
        {
            foreach (var action in Enum.GetValues<RepositoryAction>())
            {
                var there = await stage.Try(caller, "alice/secret", action);
                Assert.NotEqual("ok", there);
                Assert.Equal(await stage.Try(caller, "alice/absent", action), there);
                Assert.Equal(await stage.Try(caller, "nobody-at-all/absent", action), there);
            }

            Assert.Null(await stage.Access.Find(caller, "alice/secret", RepositoryAction.Pull, default));
            Assert.Empty(await stage.Access.Allowed(caller, "alice/secret", default));
        }
    }

    [ContractFact]
    public async Task A_token_for_one_repository_sees_no_other_private_one_of_its_account()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/mine", hidden: true);
        await stage.Repository("alice", "alice/other", hidden: true);
        await stage.Repository("alice", "alice/shown", hidden: false);
        var token = await stage.Token("alice", "repo:write repository:alice/mine");
        var caller = await stage.Identify(AccountStage.Basic("alice", token.Secret));
        Assert.Equal("ok", await stage.Try(caller, "alice/mine", RepositoryAction.Push));
        Assert.StartsWith("403 DENIED the token's scopes do not allow this", await stage.Try(caller, "alice/mine", RepositoryAction.Delete));
        Assert.Equal("ok", await stage.Try(caller, "alice/shown", RepositoryAction.Pull));
        foreach (var action in Enum.GetValues<RepositoryAction>())
            Assert.Equal(await stage.Try(caller, "alice/absent", action), await stage.Try(caller, "alice/other", action));
    }

    [ContractFact]
    public async Task A_signed_token_is_good_for_what_it_lists_and_asks_for_more_otherwise()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: true);
        var pulls = await stage.Identify("Bearer " + await stage.Signed(await stage.As("alice"), "repository:alice/app:pull"));
        Assert.Equal("ok", await stage.Try(pulls, "alice/app", RepositoryAction.Pull));
        Assert.Equal("401 UNAUTHORIZED authentication required NAME repository:NAME:pull,push insufficient_scope", await stage.Try(pulls, "alice/app", RepositoryAction.Push));
        Assert.Equal("401 UNAUTHORIZED authentication required NAME repository:NAME:pull,push insufficient_scope", await stage.Try(pulls, "alice/new", RepositoryAction.Push));
    }

    [ContractFact]
    public async Task A_right_that_was_taken_away_ends_a_signed_token_that_lists_it()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: true);
        var alice = await stage.As("alice");
        await stage.Rooms.Collaborators.Set(alice, "alice/app", "bob", AccessLevel.Push, default);
        var bob = await stage.Identify("Bearer " + await stage.Signed(await stage.As("bob"), "repository:alice/app:pull,push"));
        Assert.Equal("ok", await stage.Try(bob, "alice/app", RepositoryAction.Push));
        await stage.Rooms.Collaborators.Set(alice, "alice/app", "bob", AccessLevel.None, default);
        Assert.StartsWith(Denied, await stage.Try(bob, "alice/app", RepositoryAction.Push));
        Assert.StartsWith(Unknown, await stage.Try(bob, "alice/app", RepositoryAction.Pull));
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_first_push_makes_what_the_account_has_by_default(bool hidden)
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        await stage.Rooms.Directory.Change(alice, "alice", new Profile(PrivateByDefault: hidden), default);
        Assert.Equal(hidden, (await stage.Access.Require(alice, "alice/deep/app", RepositoryAction.Push, default)).Private);
        Assert.Equal(hidden ? "401" : "ok", (await stage.Try(Caller.Anonymous(AccountStage.Address), "alice/deep/app", RepositoryAction.Pull)).Split(' ')[0]);
    }

    [ContractTheory]
    [InlineData("busybox")]
    [InlineData("library/busybox")]
    public async Task Names_without_an_account_are_the_administrators(string name)
    {
        await using var stage = await Stage();
        Assert.StartsWith(Denied, await stage.Try(await stage.As("alice"), name, RepositoryAction.Push));
        Assert.StartsWith(Unauthorized, await stage.Try(Caller.Anonymous(AccountStage.Address), name, RepositoryAction.Push));
        Assert.Equal("ok", await stage.Try(await stage.As("root-user"), name, RepositoryAction.Push));
        Assert.Equal("ok", await stage.Try(await stage.As("alice"), name, RepositoryAction.Pull));
        Assert.StartsWith(Denied, await stage.Try(await stage.As("alice"), name, RepositoryAction.Push));
    }

    [ContractFact]
    public async Task Nobody_pushes_below_an_account_that_does_not_exist()
    {
        await using var stage = await Stage();
        Assert.NotEqual("ok", await stage.Try(await stage.As("root-user"), "missing/app", RepositoryAction.Push));
        Assert.StartsWith(Denied, await stage.Try(await stage.As("alice"), "bob/app", RepositoryAction.Push));
    }

    [ContractFact]
    public async Task Owners_push_to_their_organisation_and_members_as_far_as_their_teams_may()
    {
        await using var stage = await Stage();
        var (olga, mia) = (await stage.As("olga"), await stage.As("mia"));
        Assert.StartsWith(Denied, await stage.Try(mia, "acme/app", RepositoryAction.Push));
        await stage.Access.Create(olga, "acme/app", hidden: true, default);
        Assert.StartsWith(Unknown, await stage.Try(mia, "acme/app", RepositoryAction.Pull));
        await stage.Rooms.Teams.Create(olga, "acme", "crew", default);
        await stage.Rooms.Teams.AddMember(olga, "acme", "crew", "mia", default);
        await stage.Rooms.Teams.Grant(olga, "acme", "crew", "acme/app", AccessLevel.Push, default);
        Assert.Equal("ok", await stage.Try(mia, "acme/app", RepositoryAction.Push));
        Assert.StartsWith(Denied, await stage.Try(mia, "acme/app", RepositoryAction.Delete));
        Assert.Equal("ok", await stage.Try(olga, "acme/app", RepositoryAction.Administer));
        await stage.Rooms.Organisations.RemoveMember(mia, "acme", "mia", default);
        Assert.StartsWith(Unknown, await stage.Try(mia, "acme/app", RepositoryAction.Pull));
    }

    [ContractFact]
    public async Task Two_first_pushes_make_one_repository()
    {
        await using var stage = await Stage();
        var alice = await stage.As("alice");
        var other = stage.OtherProcess();
        var made = await stage.Access.Require(alice, "alice/app", RepositoryAction.Push, default);
        Assert.Equal(made, await other.Access.Require(alice, "alice/app", RepositoryAction.Push, default));
    }

    [ContractFact]
    public async Task What_another_process_pushed_can_be_pulled_here_at_once()
    {
        await using var stage = await Stage();
        var nobody = Caller.Anonymous(AccountStage.Address);
        Assert.StartsWith(Unauthorized, await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        await stage.OtherProcess().Access.Require(await stage.As("alice"), "alice/app", RepositoryAction.Push, default);
        Assert.Equal("ok", await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
    }

    [ContractFact]
    public async Task What_another_process_hid_is_hidden_here_after_seconds_and_in_the_same_at_once()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: false);
        var nobody = Caller.Anonymous(AccountStage.Address);
        Assert.Equal("ok", await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        await stage.OtherProcess().Access.SetPrivate(await stage.As("alice"), "alice/app", true, default);
        stage.Clock.Pass(Access.Stale);
        Assert.StartsWith(Unauthorized, await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        await stage.Access.SetPrivate(await stage.As("alice"), "alice/app", false, default);
        Assert.Equal("ok", await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        await stage.Access.SetPrivate(await stage.As("alice"), "alice/app", true, default);
        Assert.StartsWith(Unauthorized, await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
    }

    [ContractFact]
    public async Task An_open_registry_lets_everybody_do_everything()
    {
        await using var stage = await Stage(new AccountOptions { Open = true });
        var nobody = await stage.Identify(AccountStage.Basic("whoever", "whatever"));
        Assert.Equal(Credential.None, nobody.Credential);
        Assert.Equal("ok", await stage.Try(nobody, "app", RepositoryAction.Push));
        Assert.Equal("ok", await stage.Try(nobody, "app", RepositoryAction.Delete));
        Assert.StartsWith(Unknown, await stage.Try(nobody, "other", RepositoryAction.Pull));
    }

    [ContractFact]
    public async Task A_list_shows_exactly_what_can_be_pulled()
    {
        await using var stage = await Stage();
        string[] names = ["alice/a", "alice/b", "acme/a", "acme/b", "bob/a"];
        foreach (var name in names)
            await stage.Access.Create(await stage.As(name.StartsWith("acme", StringComparison.Ordinal) ? "olga" : name.Split('/')[0]), name, hidden: name != "alice/a", default);
        await stage.Rooms.Collaborators.Set(await stage.As("alice"), "alice/b", "mia", AccessLevel.Pull, default);
        await stage.Rooms.Teams.Create(await stage.As("olga"), "acme", "crew", default);
        await stage.Rooms.Teams.AddMember(await stage.As("olga"), "acme", "crew", "mia", default);
        await stage.Rooms.Teams.Grant(await stage.As("olga"), "acme", "crew", "acme/b", AccessLevel.Pull, default);
        var limited = await stage.Token("olga", "repo:read repository:acme/a");
        var below = await stage.Token("olga", "repo:read repository:acme/*");
        var account = await stage.Token("olga", "account");
        var list = new RepositoryList(stage.Database);
        foreach (var caller in (Caller[])[
            Caller.Anonymous(""), await stage.As("alice"), await stage.As("bob"), await stage.As("mia"), await stage.As("olga"), await stage.As("root-user"),
            await stage.Identify(AccountStage.Basic("olga", limited.Secret)), await stage.Identify(AccountStage.Basic("olga", below.Secret)), await stage.Identify(AccountStage.Basic("olga", account.Secret))])
        {
            var pulled = new List<string>();
            foreach (var name in names.Order(StringComparer.Ordinal))
            {
                if (await stage.Access.Find(caller, name, RepositoryAction.Pull, default) is not null)
                    pulled.Add(name);
            }

            Assert.Equal(pulled, await list.Names(caller, "", 100, default));
        }
    }

    [ContractFact]
    public async Task A_deleted_repository_is_gone_at_once()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: false);
        var nobody = Caller.Anonymous(AccountStage.Address);
        Assert.Equal("ok", await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        Assert.StartsWith(Denied, (await AccountStage.Refused(async () => await stage.Access.Delete(await stage.As("bob"), "alice/app", default))) is { } refused ? AccountStage.Answer(refused, "alice/app") : "");
        await stage.Access.Delete(await stage.As("alice"), "alice/app", default);
        Assert.StartsWith(Unauthorized, await stage.Try(nobody, "alice/app", RepositoryAction.Pull));
        Assert.Equal("repository.delete", (await stage.Rooms.Audit.List(new AuditFilter(Target: "alice/app"), 1, default))[0].Action);
    }

    [ContractFact]
    public async Task Making_a_repository_twice_is_told()
    {
        await using var stage = await Stage();
        await stage.Repository("alice", "alice/app", hidden: true);
        var again = await Assert.ThrowsAsync<RefusedException>(() => stage.Repository("alice", "alice/app", hidden: true));
        Assert.Equal(ErrorKind.AlreadyExists, again.Kind);

        // Whoever may not see it is not told that it is there.
        var there = await Assert.ThrowsAsync<RegistryException>(() => stage.Repository("bob", "alice/app", hidden: true));
        var absent = await Assert.ThrowsAsync<RegistryException>(() => stage.Repository("bob", "alice/absent", hidden: true));
        Assert.Equal(AccountStage.Answer(absent, "alice/absent"), AccountStage.Answer(there, "alice/app"));
    }
}
