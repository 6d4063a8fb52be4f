using System.Globalization;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub token list.</summary>
internal sealed class ListTokensCommand : AccountCommand
{
    public override string Name => "token list";

    public override string Arguments => "ACCOUNT";

    public override string Summary => "List an account's tokens";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        var table = new TextTable("ID", "NAME", "KIND", "SCOPES", "CREATED", "EXPIRES", "LAST USED");
        foreach (var token in await accounts.Tokens.List(Operator, arguments[0], CancellationToken.None))
        {
            table.Add(
                token.Id.ToString(CultureInfo.InvariantCulture), token.Name,
                token.Kind switch { TokenKind.Personal => "personal", TokenKind.Robot => "robot", _ => "refresh" },
                token.Scopes?.ToString() ?? "all", Moment(token.Created, ""), Moment(token.Expires, "never"), Moment(token.Used, "never"));
        }

        await Console.Out.WriteAsync(table.ToString());
    }
}
