using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context create`.</summary>
internal static class CreateContextCommand
{
    public static Command Create()
    {
        var command = new Command("create [OPTIONS] CONTEXT", "Create a context") { Arguments = ArgumentCount.Exactly(1), Description = "Create a context" + DockerEndpoint.Help.Replace("{0}", "create") };
        var description = command.Flags.String("description", null, "Description of the context");
        var docker = DockerEndpoint.Flag(command.Flags);
        var from = command.Flags.String("from", null, "create context from a named context");
        command.Run = (context, words) =>
        {
            var store = new ContextStore(context.Config.Folder);
            var name = words[0];
            ContextStore.CheckName(name);
            if (store.Exists(name))
                throw new ExitException(1, $"context {GoText.Quote(name)} already exists");
            if (docker.Values.Count > 0)
            {
                DockerEndpoint.Store(context, store, name, description, docker.Values);
            }
            else
            {
                var source = from.Value.Length > 0 ? from.Value : Endpoint.ContextName(context.Globals, context.Config);
                var (copied, tls) = DockerEndpoint.Copy(context, store, source);
                store.Save(copied with { Name = name, Description = description.Value.Length > 0 ? description.Value : source == ContextStore.Default ? ListContextsCommand.DefaultDescription : copied.Description });
                store.SaveTls(name, tls);
            }

            context.Line(name);
            context.ErrorLine($"Successfully created context {GoText.Quote(name)}");
            return 0;
        };
        return command;
    }
}
