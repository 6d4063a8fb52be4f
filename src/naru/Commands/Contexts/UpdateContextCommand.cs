using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context update`.</summary>
internal static class UpdateContextCommand
{
    public static Command Create()
    {
        var command = new Command("update [OPTIONS] CONTEXT", "Update a context") { Arguments = ArgumentCount.Exactly(1), Description = "Update a context" + DockerEndpoint.Help.Replace("{0}", "update") };
        var description = command.Flags.String("description", null, "Description of the context");
        var docker = DockerEndpoint.Flag(command.Flags);
        command.Run = (context, words) =>
        {
            var store = new ContextStore(context.Config.Folder);
            ContextStore.CheckName(words[0]);
            var kept = store.Get(words[0]);
            var text = description.Value.Length > 0 ? description.Value : kept.Description;
            if (docker.Values.Count > 0)
                DockerEndpoint.Store(context, store, kept.Name, text, docker.Values);
            else
                store.Save(kept with { Description = text });
            context.Line(kept.Name);
            context.ErrorLine($"Successfully updated context {GoText.Quote(kept.Name)}");
            return 0;
        };
        return command;
    }
}
