using System.Globalization;

namespace Naru.Cli.Commands.Containers;

/// <summary>`wait`.</summary>
internal static class WaitCommand
{
    public static Command Create()
    {
        var command = new Command("wait CONTAINER [CONTAINER...]", "Block until one or more containers stop, then print their exit codes") { Aliases = ["container wait", "wait"], Arguments = ArgumentCount.AtLeast(1) };
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            using var response = context.Engine.Send("POST", $"/containers/{EngineClient.Escape(name)}/wait");
            return response.Read(ApiJson.Default.WaitResponse).StatusCode.ToString(CultureInfo.InvariantCulture);
        });
        return command;
    }
}
