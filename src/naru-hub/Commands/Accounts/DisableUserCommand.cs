using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user disable and user enable.</summary>
internal sealed class DisableUserCommand(bool disable) : AccountCommand
{
    public override string Name => disable ? "user disable" : "user enable";

    public override string Arguments => "NAME";

    public override string Summary => disable ? "Let a user in no more: passwords, tokens and browsers end" : "Let a user in again";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        await accounts.Users.SetDisabled(Operator, arguments[0], disable, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
