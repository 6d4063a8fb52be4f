namespace Naru.Cli.Commands.Images;

/// <summary>`tag`.</summary>
internal static class TagCommand
{
    public static Command Create()
    {
        var command = new Command("tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE") { Aliases = ["image tag", "tag"], Arguments = ArgumentCount.Exactly(2) };
        command.Flags.Interspersed = false;
        command.Run = (context, names) =>
        {
            FamiliarName target;
            try
            {
                target = FamiliarName.Parse(names[1]);
            }
            catch (NaruException e)
            {
                throw NaruException.Invalid($"Error parsing reference: {GoText.Quote(names[1])} is not a valid repository/tag: {e.Message}");
            }

            if (target.Digest.Length > 0)
                throw NaruException.Invalid("refusing to create a tag with a digest reference");
            context.Engine.Do("POST", new Query($"/images/{ImagePath.Of(names[0])}/tag").Add("repo", target.Name).Add("tag", target.Reference));
            return 0;
        };
        return command;
    }
}
