using Naru.Base;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user sign-up.</summary>
internal sealed class SignUpCommand : AccountCommand
{
    public override string Name => "user sign-up";

    public override string Arguments => "open|closed";

    public override string Summary => "Let people make accounts for themselves, or not";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        var open = arguments[0] switch
        {
            "open" => true,
            "closed" => false,
            var other => throw NaruException.Invalid($"invalid value \"{other}\": it is open or closed"),
        };
        await accounts.Users.SetSignUp(Operator, open, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
