using Naru.Cli.Commands.Images;

namespace Naru.Cli.Commands.Containers;

/// <summary>`commit`.</summary>
internal static class CommitCommand
{
    public static Command Create()
    {
        var command = new Command("commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]", "Create a new image from a container's changes") { Aliases = ["container commit", "commit"], Arguments = new ArgumentCount(1, 2) };
        var author = command.Flags.String("author", 'a', "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
        var changes = command.Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        var message = command.Flags.String("message", 'm', "Commit message");
        var pause = command.Flags.Bool("pause", 'p', "Pause container during commit", initial: true);
        command.Run = (context, words) =>
        {
            var query = new Query("/commit").Add("container", words[0]);
            if (words.Count > 1)
            {
                var target = FamiliarName.Parse(words[1]);
                if (target.Digest.Length > 0)
                    throw NaruException.Invalid("refusing to create a tag with a digest reference");
                query.Add("repo", target.Name).Add("tag", target.Reference);
            }

            query.Add("comment", message.Value).Add("author", author.Value).Add("pause", pause ? "1" : "0");
            foreach (var change in changes.Values)
                query.Add("changes", change);
            using var response = context.Engine.Send("POST", query);
            context.Line(response.Read(ApiJson.Default.IdResponse).Id);
            return 0;
        };
        return command;
    }
}
