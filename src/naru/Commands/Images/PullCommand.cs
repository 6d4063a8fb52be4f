using Naru.Cli.Config;

namespace Naru.Cli.Commands.Images;

/// <summary>`pull`.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var command = new Command("pull [OPTIONS] NAME[:TAG|@DIGEST]", "Download an image from a registry") { Aliases = ["image pull", "pull"], Arguments = ArgumentCount.Exactly(1) };
        var all = command.Flags.Bool("all-tags", 'a', "Download all tagged images in the repository");
        var untrusted = ContentTrust.Flag(command.Flags);
        var platform = command.Flags.String("platform", null, "Set platform if server is multi-platform capable", Environment.GetEnvironmentVariable("DOCKER_DEFAULT_PLATFORM") ?? "");
        var quiet = command.Flags.Bool("quiet", 'q', "Suppress verbose output");
        command.Run = (context, names) =>
        {
            ContentTrust.Check(untrusted);
            var image = FamiliarName.Parse(names[0]);
            if (all && (image.Tag.Length > 0 || image.Digest.Length > 0))
                throw new ExitException(1, "tag can't be used with --all-tags/-a");
            if (!all && !quiet && image is { Tag: "", Digest: "" })
                context.Line("Using default tag: latest");
            ImagePull.Run(context, image, platform, quiet, 1, all);
            context.Line($"{image.Domain}/{image.Path}{(all ? "" : image.Digest.Length > 0 ? "@" + image.Digest : ":" + image.Reference)}");
            return 0;
        };
        return command;
    }
}
