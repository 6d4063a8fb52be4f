using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;
using Naru.Images;

namespace Naru.Tests.Hub.Mirrors;

public sealed class MirrorAccessTests : IAsyncLifetime
{
    private static readonly Caller Stranger = Caller.Anonymous("192.0.2.1");
    private static readonly Caller Alice = new(7, "alice", false, "192.0.2.1") { Credential = Credential.Password };
    private static readonly Caller Admin = new(8, "root", true, "192.0.2.1") { Credential = Credential.Password };

    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-mirror-").FullName;
    private readonly SqliteDatabase database;
    private readonly MirrorList mirrors;
    private readonly Access access;

    public MirrorAccessTests()
    {
        database = new SqliteDatabase(Path.Combine(folder, "hub.db"));
        var secret = new MirrorSettings("secret.example", new Uri("https://secret.example")) { Credentials = new RegistryCredentials { Username = "u", Password = "p" }, Public = false };
        mirrors = new MirrorList([new MirrorSettings("docker.io", new Uri("https://registry-1.docker.io")), secret], "docker.io");
        access = new Access(database, open: false, mirrors: mirrors);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        mirrors.Dispose();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nobody_pushes_to_a_mirror()
    {
        foreach (var caller in (Caller[])[Stranger, Alice, Admin])
        {
            var error = await Assert.ThrowsAsync<RegistryException>(async () => await access.Require(caller, "docker.io/library/app", RepositoryAction.Push, default));
            Assert.Equal(405, error.Status);
        }
    }

    [Fact]
    public void A_mirror_with_a_password_is_for_those_who_signed_in()
    {
        var name = mirrors.Parse("secret.example/app")!;
        access.CheckPull(Alice, name, "app");
        var error = Assert.Throws<RegistryException>(() => access.CheckPull(Stranger, name, "app"));
        Assert.Equal(RegistryErrorCode.Unauthorized, error.Code);
        Assert.Equal("repository:secret.example/app:pull", error.Scope);
        access.CheckPull(Stranger, mirrors.Parse("docker.io/library/app")!, "library/app");
    }

    [Fact]
    public async Task A_signed_token_lists_what_a_mirror_gives()
    {
        Assert.Equal([RepositoryAction.Pull], await access.Allowed(Alice, "secret.example/app", default));
        Assert.Empty(await access.Allowed(Stranger, "secret.example/app", default));
        Assert.Equal([RepositoryAction.Pull], await access.Allowed(Stranger, "docker.io/library/app", default));
        var scoped = Alice with { Credential = Credential.Token, Allowance = new Allowance.Scoped(TokenScopes.Parse("repo:read repository:other/*")) };
        Assert.Empty(await access.Allowed(scoped, "secret.example/app", default));
        var name = mirrors.Parse("secret.example/app")!;
        var narrow = Alice with { Credential = Credential.Bearer, Allowance = new Allowance.Listed([new ScopeAccess("repository", "other/app", ["pull"])]) };
        Assert.Equal("insufficient_scope", Assert.Throws<RegistryException>(() => access.CheckPull(narrow, name, "app")).TokenError);
        access.CheckPull(narrow with { Allowance = new Allowance.Listed([new ScopeAccess("repository", "app", ["pull"])]) }, name, "app");
    }

    [Fact]
    public async Task A_name_below_an_account_is_never_asked_of_the_default_mirror()
    {
        await database.Write(session => session.Execute(
            "INSERT INTO account (name, organisation, full_name, email, created) VALUES ('acme', 0, '', '', 0)"), default);
        Assert.True(await access.Owns(Stranger, "acme/nothing", default));
        Assert.False(await access.Owns(Stranger, "library/app", default));
        Assert.False(await access.Owns(Stranger, "other/app", default));
    }

    [Theory]
    [InlineData("docker.io")]
    [InlineData("docker=https://registry-1.docker.io")]
    [InlineData("Docker.io=https://registry-1.docker.io")]
    [InlineData("docker.io/library=https://registry-1.docker.io")]
    [InlineData("docker.io=ftp://registry-1.docker.io")]
    [InlineData("docker.io=https://user:password@registry-1.docker.io")]
    [InlineData("docker.io=https://registry-1.docker.io/v2/")]
    [InlineData("=https://registry-1.docker.io")]
    [InlineData("registry.local:=https://registry.local")]
    [InlineData("registry.local:0=https://registry.local")]
    [InlineData("registry.local:65536=https://registry.local")]
    [InlineData("registry.local:5000:1=https://registry.local")]
    [InlineData("registry.local__5000=https://registry.local:5000")]
    public void A_mirror_that_makes_no_sense_is_refused(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => MirrorSettings.Parse(text)).Kind);

    [Fact]
    public void A_mirror_with_a_port_has_a_folder_that_no_account_can_have()
    {
        using var local = new MirrorList([MirrorSettings.Parse("registry.local:5000=http://registry.local:5000"), MirrorSettings.Parse("localhost:5000=http://localhost:5000")], null);
        Assert.Equal("registry.local__5000/team/app", local.Parse("registry.local:5000", "team/app")!.Name);
        Assert.Equal("registry.local__5000/team/app", local.Parse("registry.local__5000/team/app")!.Name);
        Assert.Equal("localhost__5000/app", local.Parse("localhost__5000/app")!.Name);
        Assert.False(AccountNames.IsName("localhost__5000"));
        Assert.Null(local.Parse("registry.local/team/app"));
        Assert.Null(local.Parse("registry.local", "team/app"));
    }

    [Fact]
    public void Names_are_found_by_prefix_by_registry_and_by_default()
    {
        Assert.Equal("docker.io/library/app", mirrors.Parse("docker.io/app")!.Name);
        Assert.Equal("docker.io/team/app", mirrors.Parse("docker.io", "team/app")!.Name);
        Assert.Equal("docker.io/library/app", mirrors.Default("library/app")!.Name);
        Assert.Equal("secret.example/app", mirrors.Parse("secret.example/app")!.Name);
        Assert.Null(mirrors.Parse("quay.io/app/x"));
        Assert.Null(mirrors.Parse("quay.io", "app/x"));
        Assert.Null(mirrors.Parse("app"));
    }
}
