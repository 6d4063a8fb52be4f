using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user set: what administrators decide about an account.</summary>
internal sealed class SetUserCommand : AccountCommand
{
    private readonly ValueFlag<bool> admin;
    private readonly ValueFlag<long> limit;
    private readonly ValueFlag<string> email;
    private readonly ValueFlag<string> fullName;

    public SetUserCommand()
    {
        admin = Flags.All.Bool("admin", null, "May administer the registry (--admin=false: no more)");
        limit = Flags.All.Bytes("limit", null, "Most that its repositories may hold; -1 for the registry's default", minusOne: true);
        email = Flags.All.String("email", null, "E-mail address");
        fullName = Flags.All.String("full-name", null, "Name that people see");
    }

    public override string Name => "user set";

    public override string Arguments => "NAME";

    public override string Summary => "Change a user or an organisation";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        if (!admin.Changed && !limit.Changed && !email.Changed && !fullName.Changed)
            throw NaruException.Invalid("nothing to change: give --admin, --limit, --email or --full-name");
        if (email.Changed || fullName.Changed)
            await accounts.Directory.Change(Operator, arguments[0], new Profile(fullName.Changed ? fullName.Value : null, email.Changed ? email.Value : null), CancellationToken.None);
        if (admin.Changed)
            await accounts.Users.SetAdmin(Operator, arguments[0], admin, CancellationToken.None);
        if (limit.Changed)
            await accounts.Directory.SetQuota(Operator, arguments[0], limit.Value < 0 ? null : limit.Value, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
