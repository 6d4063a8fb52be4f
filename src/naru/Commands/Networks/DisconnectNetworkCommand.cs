using System.Text;
using System.Text.Json.Nodes;

namespace Naru.Cli.Commands.Networks;

/// <summary>`network disconnect`.</summary>
internal static class DisconnectNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("disconnect [OPTIONS] NETWORK CONTAINER", "Disconnect a container from a network") { Arguments = ArgumentCount.Exactly(2) };
        var force = command.Flags.Bool("force", 'f', "Force the container to disconnect from a network");
        command.Run = (context, words) =>
        {
            var body = new JsonObject { ["Container"] = words[1], ["Force"] = force.Value };
            using var response = context.Engine.Send("POST", $"/networks/{EngineClient.Escape(words[0])}/disconnect", Encoding.UTF8.GetBytes(body.ToJsonString()));
            return 0;
        };
        return command;
    }
}
