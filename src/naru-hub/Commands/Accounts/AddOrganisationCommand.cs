using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub org add.</summary>
internal sealed class AddOrganisationCommand : AccountCommand
{
    private readonly ValueFlag<string> owner;
    private readonly ValueFlag<string> fullName;

    public AddOrganisationCommand()
    {
        owner = Flags.All.String("owner", null, "User who acts for it", type: "user");
        fullName = Flags.All.String("full-name", null, "Name that people see");
    }

    public override string Name => "org add";

    public override string Arguments => "NAME";

    public override string Summary => "Make an organisation";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        if (!owner.Changed)
            throw NaruException.Invalid("an organisation needs an owner: give --owner USER");
        await accounts.Organisations.Create(Operator, new NewAccount(arguments[0], fullName), owner, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
