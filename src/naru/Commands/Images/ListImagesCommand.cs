using Naru.Base.Units;

namespace Naru.Cli.Commands.Images;

/// <summary>`images`, `image ls`, in Docker's classic layout.</summary>
internal static class ListImagesCommand
{
    /// <summary>One printed line: an image by one of its names.</summary>
    internal sealed record Row(ImageSummary Image, string Repository, string Tag, string Digest);

    public static Command Create(string name)
    {
        var command = new Command($"{name} [OPTIONS] [REPOSITORY[:TAG]]", "List images") { Aliases = ["image ls", "image list", "images"], Arguments = ArgumentCount.AtMost(1) };
        var flags = command.Flags;
        var all = flags.Bool("all", 'a', "Show all images (default hides intermediate images)");
        var digests = flags.Bool("digests", null, "Show digests");
        var filters = flags.List("filter", 'f', "Filter output based on conditions provided", Filters.Validate, "filter");
        var format = flags.String("format", null, Listing.FormatUsage);
        var full = flags.Bool("no-trunc", null, "Don't truncate output");
        var quiet = flags.Bool("quiet", 'q', "Only show image IDs");
        command.Run = (context, words) =>
        {
            var chosen = Listing.Chosen(format, context.Config.ImagesFormat, quiet, "{{.ID}}");
            var query = new Query("/images/json").Add("all", all).Add("filters", Filters.Query(filters.Values, words.Select(word => ("reference", word))));
            var images = context.Engine.Get(query, ApiJson.Default.IReadOnlyListImageSummary);
            var byDigest = digests || chosen.Contains(".Digest", StringComparison.Ordinal);
            var table = digests ? "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}" : "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
            Listing.Print(chosen, table, Columns(!full), images.SelectMany(image => Rows(image, byDigest)));
            return 0;
        };
        return command;
    }

    public static Columns<Row> Columns(bool truncate) => new("*formatter.imageContext",
    [
        new("ID", "IMAGE ID", row => truncate ? Ellipsis.Id(row.Image.Id) : row.Image.Id),
        new("Repository", "REPOSITORY", row => row.Repository),
        new("Tag", "TAG", row => row.Tag),
        new("Digest", "DIGEST", row => row.Digest),
        new("CreatedSince", "CREATED", row => row.Image.Created > 0 ? HumanTime.Since(row.Image.Created) : "N/A"),
        new("CreatedAt", "CREATED AT", row => row.Image.Created > 0 ? HumanTime.Local(row.Image.Created) : "N/A"),
        new("Size", "SIZE", row => ByteSize.HumanWithPrecision(row.Image.Size, 3)),
        new("Containers", "CONTAINERS", row => Count(row.Image.Containers)),
        new("SharedSize", "SHARED SIZE", row => row.Image.SharedSize < 0 ? "N/A" : ByteSize.Human(row.Image.SharedSize)),
        new("UniqueSize", "UNIQUE SIZE", row => row.Image.SharedSize < 0 ? "N/A" : ByteSize.Human(row.Image.Size - row.Image.SharedSize)),
        new("VirtualSize", "SIZE", row => ByteSize.Human(row.Image.Size)),
    ]);

    /// <summary>An image by its first name.</summary>
    public static Row First(ImageSummary image) => Rows(image, digests: false).First();

    private static string Count(long value) => value < 0 ? "N/A" : value.ToString(global::System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<Row> Rows(ImageSummary image, bool digests)
    {
        var tags = (image.RepoTags ?? []).Where(tag => tag != "<none>:<none>").Select(Familiar).ToList();
        var known = (image.RepoDigests ?? []).Where(digest => digest != "<none>@<none>").Select(digest => digest.Split('@', 2)).Where(pair => pair.Length == 2).ToList();
        if (tags.Count == 0)
        {
            foreach (var pair in known.Count > 0 ? known : [["<none>", "<none>"]])
                yield return new Row(image, Short(pair[0]), "<none>", pair[1]);
            yield break;
        }

        foreach (var (repository, tag) in tags)
        {
            var matching = digests ? known.Where(pair => Short(pair[0]) == repository).Select(pair => pair[1]).ToList() : [];
            foreach (var digest in matching.Count > 0 ? matching : ["<none>"])
                yield return new Row(image, repository, tag, digest);
        }
    }

    private static (string Repository, string Tag) Familiar(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf('/') ? (Short(text[..colon]), text[(colon + 1)..]) : (Short(text), "<none>");
    }

    private static string Short(string name) => name.StartsWith("docker.io/library/", StringComparison.Ordinal) ? name[18..] : name.StartsWith("docker.io/", StringComparison.Ordinal) ? name[10..] : name;
}
