using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>The statements about accounts in PostgreSQL's eyes.</summary>
[Collection(PostgresCollection.Name)]
[Needs("postgres")]
public sealed class PostgresAccountTests(PostgresServer server)
{
    [ContractFact]
    public async Task Two_processes_on_one_server_agree_about_accounts_rights_and_tokens()
    {
        await using var stage = await AccountStage.Open(new AccountOptions { Quota = 1 }, async _ => await PostgresDatabase.Open(server.NewDatabase(), default));
        var other = stage.OtherProcess();
        var (olga, mia) = (await stage.As("olga"), await stage.As("mia"));
        await stage.Rooms.Teams.Create(olga, "acme", "crew", default);
        await stage.Rooms.Teams.AddMember(olga, "acme", "crew", "mia", default);
        var repository = await stage.Access.Create(olga, "acme/app", hidden: true, default);
        await stage.Rooms.Teams.Grant(olga, "acme", "crew", "acme/app", AccessLevel.Push, default);
        await stage.Rooms.Collaborators.Set(olga, "acme/app", "bob", AccessLevel.Pull, default);
        Assert.Equal(repository, await other.Access.Require(mia, "acme/app", RepositoryAction.Push, default));
        Assert.Null(await other.Access.Find(await stage.As("alice"), "acme/app", RepositoryAction.Pull, default));
        Assert.Equal(2, (await other.Collaborators.List(olga, "acme/app", default)).Count);

        var robot = await stage.Token("olga", "repo:read repository:acme/*", TokenKind.Robot, "acme");
        var caller = await other.Authentication.Identify(AccountStage.Basic("acme+ci", robot.Secret), AccountStage.Address, AccountStage.Service, default);
        Assert.Equal(["acme/app"], await new RepositoryList(stage.Database).Names(caller, "", 10, default));
        Assert.Equal(["acme/app"], await new RepositoryList(stage.Database).Names(await stage.As("bob"), "", 10, default));

        // The first key is made once, though all ask for it at the same moment.
        var tokens = await Task.WhenAll(from rooms in (AccountRooms[])[stage.Rooms, other, stage.OtherProcess(), stage.OtherProcess()]
                                        select rooms.Desk.Issue(olga, AccountStage.Service, [], "docker", default).AsTask());
        Assert.Single(tokens.Select(answer => answer.Token.Split('.')[0]).Distinct());
        Assert.Equal("olga", (await other.Desk.ByRefresh(tokens[0].Refresh!, AccountStage.Address, default)).Name);

        var login = await stage.Rooms.Logins.SignIn("olga", AccountStage.Password, AccountStage.Address, "browser", default);
        Assert.NotNull(await other.Logins.Identify(login.Cookie, AccountStage.Address, default));
        Assert.Equal(new(0, 1), await other.Quotas.State(repository.Account!.Value, default));
        Assert.NotEmpty(await other.Audit.List(new AuditFilter(About: "acme", Action: AuditAction.TeamMade), 10, default));
        Assert.Equal(6, (await other.Directory.List("", 100, null, default)).Count);
        await other.Directory.Delete(olga, "acme", default);
        await other.Tidy(default);
        stage.Clock.Pass(Access.Stale);
        Assert.StartsWith("404", await stage.Try(mia, "acme/app", RepositoryAction.Pull));
    }
}
