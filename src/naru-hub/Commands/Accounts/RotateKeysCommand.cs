using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub token rotate-keys.</summary>
internal sealed class RotateKeysCommand : AccountCommand
{
    private readonly ValueFlag<bool> forget;

    public RotateKeysCommand() => forget = Flags.All.Bool("forget", null, "Refuse what the old keys signed from now on: for a key that got into wrong hands");

    public override string Name => "token rotate-keys";

    public override string Summary => "Make a new key for the tokens that clients get while they pull and push";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments) =>
        await accounts.Desk.RotateKeys(Operator, forget, CancellationToken.None);
}
