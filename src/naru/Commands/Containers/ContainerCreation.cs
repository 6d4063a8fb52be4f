using Naru.Cli.Commands.Images;

namespace Naru.Cli.Commands.Containers;

/// <summary>The creation that `run` and `create` share: pull policy, cid file, warnings.</summary>
internal static class ContainerCreation
{
    public static void CheckPull(string pull)
    {
        if (pull is not ("always" or "missing" or "never"))
            throw NaruException.Invalid($"invalid pull option: '{pull}': must be one of \"always\", \"missing\" or \"never\"");
    }

    /// <summary>Creates the container and returns its id.</summary>
    public static string Create(CliContext context, ContainerFlags flags, string pull, ContainerCreateRequest request)
    {
        Config.ContentTrust.Check(flags.Untrusted);
        var cidFile = flags.CidFile.Value;
        if (cidFile.Length > 0 && File.Exists(cidFile))
            throw NaruException.Exists($"container ID file found, make sure the other container isn't running or delete {cidFile}");
        if (flags.ApiSocket)
            request = ApiSocket.Add(context, request);
        // An image may be named by its id, which is no reference of a registry's.
        var image = request.Image.Length == 64 && request.Image.All(char.IsAsciiHexDigitLower) || request.Image.StartsWith("sha256:", StringComparison.Ordinal) ? null : FamiliarName.Parse(request.Image);
        if (pull == "always" && image is not null)
            ImagePull.Run(context, image, flags.Platform, flags.Quiet, 2);
        var query = new Query("/containers/create").Add("name", flags.Name.Value.Length > 0 ? flags.Name.Value : null).Add("platform", flags.Platform.Value.Length > 0 ? flags.Platform.Value : null);
        ContainerCreateResponse created;
        try
        {
            created = Send();
        }
        catch (EngineException e) when (e.Status == 404 && image is not null && pull == "missing")
        {
            if (!flags.Quiet)
                context.ErrorLine($"Unable to find image '{image.Text}' locally");
            ImagePull.Run(context, image, flags.Platform, flags.Quiet, 2);
            created = Send();
        }

        foreach (var warning in created.Warnings ?? [])
            context.ErrorLine($"WARNING: {warning}");
        if (flags.ApiSocket)
            ApiSocket.CopyLogins(context, created.Id);
        if (cidFile.Length > 0)
            File.WriteAllText(cidFile, created.Id);
        return created.Id;

        ContainerCreateResponse Send()
        {
            using var response = context.Engine.SendJson("POST", query, request, ApiJson.Default.ContainerCreateRequest);
            return response.Read(ApiJson.Default.ContainerCreateResponse);
        }
    }

    /// <summary>Runs <paramref name="body"/>; a failure becomes 125 with the words that docker puts after it.</summary>
    public static int Guard(CliContext context, Func<int> body)
    {
        try
        {
            return body();
        }
        catch (Exception e) when (e is EngineException or NaruException or FlagException or UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw Failure(context, e.Message, 125);
        }
    }

    public static ExitException Failure(CliContext context, string message, int code) =>
        new(code, $"{Cli.ProgramName}: {message}\n\nRun '{context.Command.Path} --help' for more information");
}
