using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user delete.</summary>
internal sealed class DeleteUserCommand : AccountCommand
{
    private readonly ValueFlag<bool> force;

    public DeleteUserCommand() => force = Flags.All.Bool("force", 'f', "Delete repositories and tokens with it, without asking");

    public override string Name => "user delete";

    public override string Arguments => "NAME";

    public override string Summary => "Delete a user or an organisation with all that belongs to it";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        var contents = await accounts.Directory.Contents(Operator, arguments[0], CancellationToken.None);
        if (!force && (contents.Repositories > 0 || contents.Tokens > 0))
        {
            var warning = $"{arguments[0]} has {contents.Repositories} repositories and {contents.Tokens} tokens, which go with it";
            if (Console.IsInputRedirected)
                throw NaruException.Invalid($"{warning}: say --force");
            await Console.Error.WriteAsync($"{warning}. Are you sure? [y/N] ");
            if (Console.ReadLine() is not ("y" or "Y" or "yes"))
                return;
        }

        await accounts.Directory.Delete(Operator, arguments[0], CancellationToken.None);
        await Console.Out.WriteLineAsync(arguments[0]);
    }
}
