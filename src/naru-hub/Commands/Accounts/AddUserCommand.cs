using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user add.</summary>
internal sealed class AddUserCommand : AccountCommand
{
    private readonly ValueFlag<bool> admin;
    private readonly ValueFlag<bool> passwordStdin;
    private readonly ValueFlag<string> email;
    private readonly ValueFlag<string> fullName;

    public AddUserCommand()
    {
        admin = Flags.All.Bool("admin", null, "May administer the registry");
        passwordStdin = Flags.All.Bool("password-stdin", null, "Take the password from standard input");
        email = Flags.All.String("email", null, "E-mail address");
        fullName = Flags.All.String("full-name", null, "Name that people see");
    }

    public override string Name => "user add";

    public override string Arguments => "NAME";

    public override string Summary => "Make a user";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        // Told before anybody types a password.
        AccountNames.Check(arguments[0]);
        var password = PasswordInput.Read(passwordStdin);
        await accounts.Users.Create(Operator, new NewAccount(arguments[0], fullName, email, admin), password, CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
