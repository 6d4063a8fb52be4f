using Naru.Cli.Config;

namespace Naru.Cli.Commands.Images;

/// <summary>`push`.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var command = new Command("push [OPTIONS] NAME[:TAG]", "Upload an image to a registry") { Aliases = ["image push", "push"], Arguments = ArgumentCount.Exactly(1) };
        var all = command.Flags.Bool("all-tags", 'a', "Push all tags of an image to the repository");
        var untrusted = ContentTrust.Flag(command.Flags, "Skip image signing");
        var platform = command.Flags.String("platform", null, "Push a platform-specific manifest as a single-platform image to the registry.\nImage index won't be pushed, meaning that other manifests, including attestations won't be preserved.\n'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)");
        var quiet = command.Flags.Bool("quiet", 'q', "Suppress verbose output");
        command.Run = (context, names) =>
        {
            ContentTrust.Check(untrusted);
            var image = FamiliarName.Parse(names[0]);
            if (all && image.Tag.Length > 0)
                throw new ExitException(1, "tag can't be used with --all-tags/-a");
            if (!all && !quiet && image is { Tag: "", Digest: "" })
                context.Line("Using default tag: latest");
            var query = new Query($"/images/{ImagePath.Of(image.Name)}/push").Add("tag", all ? null : image.Reference).Add("platform", platform.Value.Length > 0 ? PlatformText.Json(platform) : null);
            using var response = context.Engine.Send("POST", query, null, Credentials.Header(context.Config, image.AuthKey));
            new ProgressPrinter(quiet ? 0 : 1).Print(response.Body);
            if (quiet)
                context.Line($"{image.Domain}/{image.Path}{(all ? "" : ":" + image.Reference)}");
            return 0;
        };
        return command;
    }
}
