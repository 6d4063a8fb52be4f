using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user passwd.</summary>
internal sealed class UserPasswordCommand : AccountCommand
{
    private readonly ValueFlag<bool> passwordStdin;

    public UserPasswordCommand() => passwordStdin = Flags.All.Bool("password-stdin", null, "Take the password from standard input");

    public override string Name => "user passwd";

    public override string Arguments => "NAME";

    public override string Summary => "Give a user another password, and sign them out everywhere";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        if (await accounts.Directory.Find(arguments[0], CancellationToken.None) is null)
            throw NaruException.NotFound($"no such account: {arguments[0]}");
        await accounts.Users.SetPassword(Operator, arguments[0], null, PasswordInput.Read(passwordStdin), CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
