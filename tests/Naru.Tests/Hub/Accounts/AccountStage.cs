using System.Text;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Tests.Hub.Accounts;

/// <summary>A registry with some accounts for as long as a test: alice and bob, who have nothing to do with each other, root-user, who administers, and acme, which olga owns and mia is a member of.</summary>
internal sealed class AccountStage : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    public const string Service = "hub.test";

    public const string Address = "192.0.2.7";

    private readonly string root;
    private readonly List<AccountRooms> processes = [];

    private AccountStage(AccountOptions options, string root, IDatabase database)
    {
        (this.root, Database) = (root, database);
        Options = options with { PasswordRounds = 10 };
        Rooms = OtherProcess();
    }

    public ManualClock Clock { get; } = new();

    public IDatabase Database { get; }

    public AccountOptions Options { get; }

    public AccountRooms Rooms { get; }

    public Access Access => Rooms.Access;

    /// <param name="open">Opens the database, whose file may be in that folder; SQLite otherwise.</param>
    public static async Task<AccountStage> Open(AccountOptions? options = null, Func<string, ValueTask<IDatabase>>? open = null)
    {
        var root = Directory.CreateTempSubdirectory("naru-accounts-").FullName;
        var stage = new AccountStage(options ?? new AccountOptions(), root, open is null ? new SqliteDatabase(Path.Combine(root, "hub.db")) : await open(root));
        foreach (var name in (string[])["alice", "bob", "olga", "mia"])
            await stage.Rooms.Users.Create(Caller.Operator, new NewAccount(name), Password, default);
        await stage.Rooms.Users.Create(Caller.Operator, new NewAccount("root-user", Admin: true), Password, default);
        await stage.Rooms.Organisations.Create(Caller.Operator, new NewAccount("acme"), "olga", default);
        await stage.Rooms.Organisations.SetMember(Caller.Operator, "acme", "mia", MemberRole.Member, default);
        return stage;
    }

    /// <summary>Another process on the same database.</summary>
    public AccountRooms OtherProcess()
    {
        var rooms = new AccountRooms(Database, Options, time: Clock);
        processes.Add(rooms);
        return rooms;
    }

    /// <summary>Somebody who came with name and password.</summary>
    public ValueTask<Caller> As(string name) => Rooms.Authentication.Identify(Basic(name, Password), Address, Service, default);

    public ValueTask<Caller> Identify(string header) => Rooms.Authentication.Identify(header, Address, Service, default);

    public static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    public async Task<Repository> Repository(string owner, string name, bool hidden) => await Access.Create(await As(owner), name, hidden, default);

    public async Task<NewToken> Token(string owner, string scopes, TokenKind kind = TokenKind.Personal, string? of = null, DateTime? expires = null) =>
        await Rooms.Tokens.Create(await As(owner), of ?? owner, kind, "ci", TokenScopes.Parse(scopes), expires, default);

    /// <summary>A signed token for scopes.</summary>
    public async Task<string> Signed(Caller caller, params string[] scopes) => (await Rooms.Desk.Issue(caller, Service, scopes, null, default)).Token;

    /// <summary>What an attempt comes to: <c>ok</c>, or status, code, message and challenge.</summary>
    public async Task<string> Try(Caller caller, string name, RepositoryAction action)
    {
        try
        {
            await Access.Require(caller, name, action, default);
            return "ok";
        }
        catch (RegistryException e)
        {
            return Answer(e, name);
        }
    }

    /// <summary>All of a refusal that travels, with the repository's own name left out.</summary>
    public static string Answer(RegistryException e, string name) =>
        $"{e.Status} {e.Word} {e.Message} {e.Detail} {e.Scope} {e.TokenError}".Replace(name, "NAME", StringComparison.Ordinal);

    public static async Task<RegistryException> Refused(Func<Task> attempt) => await Assert.ThrowsAsync<RegistryException>(attempt);

    public async ValueTask DisposeAsync()
    {
        foreach (var rooms in processes)
            await rooms.Pulls.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}
