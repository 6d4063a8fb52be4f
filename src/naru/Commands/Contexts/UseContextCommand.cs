using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context use`.</summary>
internal static class UseContextCommand
{
    public static Command Create()
    {
        var command = new Command("use CONTEXT", "Set the current docker context") { Arguments = ArgumentCount.Exactly(1) with { Bare = true } };
        command.Run = (context, words) =>
        {
            var name = words[0];
            if (name != ContextStore.Default)
                new ContextStore(context.Config.Folder).Get(name);
            context.Config.SetCurrentContext(name == ContextStore.Default ? null : name);
            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_HOST")) && name != ContextStore.Default)
                context.ErrorLine($"Warning: DOCKER_HOST environment variable overrides the active context. To use {GoText.Quote(name)}, either set the global --context flag, or unset DOCKER_HOST environment variable.");
            context.Line(name);
            context.ErrorLine($"Current context is now {GoText.Quote(name)}");
            return 0;
        };
        return command;
    }
}
