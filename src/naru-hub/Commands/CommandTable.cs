using System.Text;
using Naru.Base;
using Naru.HubServer.Commands.Accounts;
using Naru.HubServer.Commands.Upkeep;

namespace Naru.HubServer.Commands;

/// <summary>All verbs, and which one the words mean.</summary>
internal static class CommandTable
{
    private static readonly List<HubCommand> All =
    [
        new ServeCommand(),
        new AddUserCommand(),
        new ListUsersCommand(),
        new SetUserCommand(),
        new UserPasswordCommand(),
        new DisableUserCommand(disable: true),
        new DisableUserCommand(disable: false),
        new DeleteUserCommand(),
        new SignUpCommand(),
        new AddOrganisationCommand(),
        new CreateTokenCommand(),
        new ListTokensCommand(),
        new RevokeTokenCommand(),
        new RotateKeysCommand(),
        new GarbageCommand(),
        new VerifyCommand(),
        new ExportCommand(),
        new ImportCommand(),
    ];

    public static async Task<int> Run(string[] words)
    {
        if (words is [] or ["--help" or "-h" or "help"])
        {
            await Console.Out.WriteLineAsync(Usage());
            return 0;
        }

        if (words is ["--version" or "-v" or "version"])
        {
            await Console.Out.WriteLineAsync($"naru-hub version {typeof(CommandTable).Assembly.GetName().Version?.ToString(3)}");
            return 0;
        }

        foreach (var command in All)
        {
            var name = command.Name.Split(' ');
            if (words.AsSpan().StartsWith(name))
                return await command.Execute(words[name.Length..]);
        }

        throw NaruException.Invalid($"{words[0]} is not a naru-hub command.\nSee 'naru-hub --help'.");
    }

    private static string Usage()
    {
        var width = All.Max(command => command.Name.Length) + 2;
        var text = new StringBuilder("\nUsage:  naru-hub COMMAND\n\nA registry for container images, and a web site where people find them\n\nCommands:\n");
        foreach (var command in All)
            text.Append("  ").Append(command.Name.PadRight(width)).Append(command.Summary).Append('\n');
        return text.Append("\nRun 'naru-hub COMMAND --help' for more information on a command.").ToString();
    }
}
