using Naru.Base.Flags;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub token create.</summary>
internal sealed class CreateTokenCommand : AccountCommand
{
    private readonly ValueFlag<string> name;
    private readonly ListFlag scopes;
    private readonly ValueFlag<long> expires;
    private readonly ValueFlag<bool> robot;

    public CreateTokenCommand()
    {
        name = Flags.All.String("name", null, "What it is for", "command line");
        scopes = Flags.All.List("scope", null, "What it may do: repo:read, repo:write, repo:delete, repo:admin, account; repository:NAME or repository:ACCOUNT/* limits it", type: "scope", defaultText: "repo:write");
        expires = Flags.All.Duration("expires", null, "How long it is good, as 720h; without it, until it is revoked");
        robot = Flags.All.Bool("robot", null, "For a program, which signs in as ACCOUNT+NAME");
    }

    public override string Name => "token create";

    public override string Arguments => "ACCOUNT";

    public override string Summary => "Make a token, and show it this once";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        var parsed = TokenScopes.Parse(scopes.Values.Count > 0 ? string.Join(' ', scopes.Values) : "repo:write");
        DateTime? until = expires.Changed ? DateTime.UtcNow + TimeSpan.FromTicks(expires.Value / 100) : null;
        var made = await accounts.Tokens.Create(Operator, arguments[0], robot ? TokenKind.Robot : TokenKind.Personal, name, parsed, until, CancellationToken.None);
        await Console.Out.WriteLineAsync(made.Secret);
    }
}
