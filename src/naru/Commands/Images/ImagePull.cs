using Naru.Cli.Config;

namespace Naru.Cli.Commands.Images;

/// <summary>The pull that `pull`, `run` and `create` share.</summary>
internal static class ImagePull
{
    /// <param name="descriptor">Where the progress goes: 1 for `pull`, 2 for `run`.</param>
    public static void Run(CliContext context, FamiliarName image, string platform, bool quiet, int descriptor, bool allTags = false)
    {
        var query = new Query("/images/create").Add("fromImage", image.Domain == FamiliarName.HubDomain ? "docker.io/" + image.Path : $"{image.Domain}/{image.Path}")
            .Add("tag", allTags ? null : image.Reference).Add("platform", platform.Length > 0 ? platform : null);
        using var response = context.Engine.Send("POST", query, null, Credentials.Header(context.Config, image.AuthKey));
        new ProgressPrinter(quiet ? 0 : descriptor).Print(response.Body);
    }
}
