namespace Naru.Cli.Commands.Images;

/// <summary>`rmi`, `image rm`.</summary>
internal static class RemoveImageCommand
{
    public static Command Create(string name)
    {
        var command = new Command($"{name} [OPTIONS] IMAGE [IMAGE...]", "Remove one or more images") { Aliases = ["image rm", "image remove", "rmi"], Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Force removal of the image");
        var keep = command.Flags.Bool("no-prune", null, "Do not delete untagged parents");
        var platforms = command.Flags.Slice("platform", null, "Remove only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        command.Run = (context, names) =>
        {
            var failures = new List<string>();
            var missing = true;
            foreach (var image in names)
            {
                try
                {
                    var query = new Query($"/images/{ImagePath.Of(image)}").Add("force", force).Add("noprune", keep);
                    foreach (var platform in platforms.Values)
                        query.Add("platforms", PlatformText.Json(platform));
                    using var response = context.Engine.Send("DELETE", query);
                    foreach (var item in response.Read(ApiJson.Default.IReadOnlyListImageDeleteItem))
                        context.Line(item.Deleted is not null ? $"Deleted: {item.Deleted}" : $"Untagged: {item.Untagged}");
                }
                catch (EngineException e)
                {
                    missing &= e.Status == 404;
                    failures.Add(e.Message);
                }
            }

            if (failures.Count == 0)
                return 0;
            if (!force || !missing)
                throw new ExitException(1, string.Join('\n', failures));
            context.ErrorLine(string.Join('\n', failures));
            return 0;
        };
        return command;
    }
}
