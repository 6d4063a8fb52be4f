using Naru.Cli.Commands.Images;
using Naru.Cli.Config;

namespace Naru.Cli.Commands.Registry;

/// <summary>`logout`.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var command = new Command("logout [SERVER]", "Log out from a registry") { Description = "Log out from a registry.\nIf no server is specified, the default is defined by the daemon.", Arguments = ArgumentCount.AtMost(1) };
        command.Run = (context, words) =>
        {
            var registry = words.Count > 0 ? LoginCommand.Key(words[0]) : FamiliarName.HubKey;
            context.Line($"Removing login credentials for {(words.Count > 0 ? words[0] : registry)}");
            try
            {
                Credentials.Erase(context.Config, registry);
            }
            catch (NaruException e)
            {
                context.ErrorLine($"WARNING: could not erase credentials:\n{e.Message}");
            }

            return 0;
        };
        return command;
    }
}
