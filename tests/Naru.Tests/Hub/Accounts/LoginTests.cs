using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Browsers;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Browsers that are signed in.</summary>
public abstract class LoginTests(PostgresServer? server) : EitherDatabase(server)
{
    public sealed class OnSqlite() : LoginTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : LoginTests(server);

    [ContractFact]
    public async Task A_cookie_names_its_account_as_long_as_it_comes_back_within_thirty_days()
    {
        await using var stage = await Stage();
        var login = await stage.Rooms.Logins.SignIn(" Alice ", AccountStage.Password, AccountStage.Address, "Firefox", default);
        for (var i = 0; i < 3; i++)
        {
            var signedIn = (await stage.Rooms.Logins.Identify(login.Cookie, AccountStage.Address, default))!;
            Assert.Equal(("alice", Credential.Login, true), (signedIn.Caller.Name, signedIn.Caller.Credential, signedIn.Caller.MayManage));
            stage.Clock.Pass(TimeSpan.FromDays(29));
        }

        stage.Clock.Pass(TimeSpan.FromDays(2));
        Assert.Null(await stage.Rooms.Logins.Identify(login.Cookie, AccountStage.Address, default));
        await stage.Rooms.Tidy(default);
        Assert.Null(await stage.Database.Read(session => session.First("SELECT hash FROM login", row => row.Text(0)), default));
    }

    [ContractFact]
    public async Task Another_cookie_names_nobody()
    {
        await using var stage = await Stage();
        string?[] cookies = [null, "", "nonsense"];
        foreach (var cookie in cookies)
            Assert.Null(await stage.Rooms.Logins.Identify(cookie, AccountStage.Address, default));
    }

    [ContractFact]
    public async Task Browsers_are_listed_and_signed_out_one_by_one_and_together()
    {
        await using var stage = await Stage();
        var one = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, "192.0.2.1", "one", default);
        stage.Clock.Pass(TimeSpan.FromMinutes(1));
        var two = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, "192.0.2.2", "two", default);
        stage.Clock.Pass(TimeSpan.FromMinutes(1));
        var three = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, "192.0.2.3", "three", default);
        var me = (await stage.Rooms.Logins.Identify(three.Cookie, "192.0.2.3", default))!;
        var list = await stage.Rooms.Logins.List(me.Caller, default);
        Assert.Equal(["three", "two", "one"], list.Select(login => login.Agent));
        Assert.Equal(me.Login, list[0].Id);
        var bob = await stage.As("bob");
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => stage.Rooms.Logins.Revoke(bob, list[1].Id, default).AsTask())).Kind);
        await stage.Rooms.Logins.Revoke(me.Caller, list[1].Id, default);
        Assert.Null(await stage.Rooms.Logins.Identify(two.Cookie, "192.0.2.2", default));
        await stage.Rooms.Logins.RevokeOthers(me.Caller, me.Login, default);
        Assert.Null(await stage.Rooms.Logins.Identify(one.Cookie, "192.0.2.1", default));
        Assert.NotNull(await stage.Rooms.Logins.Identify(three.Cookie, "192.0.2.3", default));
        await stage.Rooms.Logins.SignOut(three.Cookie, default);
        Assert.Null(await stage.Rooms.Logins.Identify(three.Cookie, "192.0.2.3", default));
    }

    [ContractFact]
    public async Task A_stored_token_signs_no_browser_in()
    {
        await using var stage = await Stage();
        var token = await stage.Token("alice", "repo:admin account");
        await AccountStage.Refused(() => stage.Rooms.Logins.SignIn("alice", token.Secret, AccountStage.Address, "", default).AsTask());
    }

    [ContractFact]
    public async Task A_form_is_good_with_its_own_cookie_only()
    {
        await using var stage = await Stage();
        var login = await stage.Rooms.Logins.SignIn("alice", AccountStage.Password, AccountStage.Address, "", default);
        var form = (await stage.Rooms.Logins.Identify(login.Cookie, AccountStage.Address, default))!.Form;
        Assert.True(Csrf.IsValid(login.Cookie, form));
        Assert.False(Csrf.IsValid(Csrf.NewCookie(), form));
        Assert.False(Csrf.IsValid(login.Cookie, null));
        Assert.False(Csrf.IsValid(null, form));
        Assert.False(Csrf.IsValid("", Csrf.Token("")));
        Assert.False(Csrf.IsValid(login.Cookie, login.Cookie));
    }
}
