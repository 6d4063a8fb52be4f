namespace Naru.Cli.Commands.Containers;

/// <summary>`diff`.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var command = new Command("diff CONTAINER", "Inspect changes to files or directories on a container's filesystem") { Aliases = ["container diff", "diff"], Arguments = ArgumentCount.Exactly(1) };
        command.Run = (context, words) =>
        {
            using var response = context.Engine.Send("GET", $"/containers/{EngineClient.Escape(words[0])}/changes");
            var bytes = response.ReadBytes();
            var changes = global::System.Text.Json.JsonSerializer.Deserialize(bytes, ApiJson.Default.IReadOnlyListFilesystemChange) ?? [];
            foreach (var change in changes)
                context.Line($"{change.Kind switch { 0 => 'C', 1 => 'A', _ => 'D' }} {change.Path}");
            return 0;
        };
        return command;
    }
}
