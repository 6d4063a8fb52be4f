namespace Naru.Cli.Commands.Containers;

/// <summary>`rm`.</summary>
internal static class RemoveContainerCommand
{
    public static Command Create()
    {
        var command = new Command("rm [OPTIONS] CONTAINER [CONTAINER...]", "Remove one or more containers") { Aliases = ["container rm", "container remove", "rm"], Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Force the removal of a running container (uses SIGKILL)");
        var link = command.Flags.Bool("link", 'l', "Remove the specified link");
        var volumes = command.Flags.Bool("volumes", 'v', "Remove anonymous volumes associated with the container");
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            var trimmed = name.Trim('/');
            if (trimmed.Length == 0)
                throw NaruException.Invalid("container name cannot be empty");
            try
            {
                context.Engine.Do("DELETE", new Query($"/containers/{EngineClient.Escape(trimmed)}").Add("v", volumes).Add("link", link).Add("force", force));
            }
            catch (EngineException e) when (force && e.Status == 404)
            {
                // What is gone is as good as removed, but worth a word.
                context.ErrorLine(e.Message);
                return null;
            }

            return name;
        });
        return command;
    }
}
