using System.Globalization;
using Naru.Base;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub token revoke.</summary>
internal sealed class RevokeTokenCommand : AccountCommand
{
    public override string Name => "token revoke";

    public override string Arguments => "ID";

    public override string Summary => "End a token";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        if (!long.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw NaruException.Invalid($"invalid token id \"{arguments[0]}\": see naru-hub token list");
        await accounts.Tokens.Revoke(Operator, id, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
