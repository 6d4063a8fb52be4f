using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context rm`.</summary>
internal static class RemoveContextCommand
{
    public static Command Create()
    {
        var command = new Command("rm CONTEXT [CONTEXT...]", "Remove one or more contexts") { Aliases = ["context rm", "context remove"], Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Force the removal of a context in use");
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            var store = new ContextStore(context.Config.Folder);
            if (name == ContextStore.Default)
                throw NaruException.Invalid("context \"default\" cannot be removed");
            if (!store.Exists(name))
                return force ? name : throw NaruException.NotFound($"context {GoText.Quote(name)} does not exist");
            if (name == Endpoint.ContextName(context.Globals, context.Config))
            {
                if (!force)
                    throw NaruException.Conflict($"context {GoText.Quote(name)} is in use, set -f flag to force remove");
                context.Config.SetCurrentContext(null);
            }

            store.Remove(name);
            return name;
        });
        return command;
    }
}
