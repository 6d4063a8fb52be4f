using Naru.Oci;

namespace Naru.Hub.Catalogue;

/// <summary>A step of an image's making.</summary>
/// <param name="Layer">The layer that it made; null where it changed only the config.</param>
/// <param name="Word">The Dockerfile's word: RUN, COPY; empty where it is not known.</param>
/// <param name="Arguments">What follows the word.</param>
public sealed record ImageStep(Descriptor? Layer, string Word, string Arguments)
{
    private const string Shell = "/bin/sh -c ";
    private const string NoOperation = "#(nop)";
    private const string BuildKit = "# buildkit";

    /// <summary>The steps of an image, the first one first: its history joined with its layers. Layers that no history tells of come last, without a word.</summary>
    public static List<ImageStep> Of(ImageManifest manifest, ImageConfig? config)
    {
        var steps = new List<ImageStep>();
        var next = 0;
        foreach (var entry in config?.History ?? [])
        {
            if (!entry.EmptyLayer && next >= manifest.Layers.Count)
                break;
            var (word, arguments) = Read(entry.CreatedBy ?? entry.Comment ?? "");
            steps.Add(new ImageStep(entry.EmptyLayer ? null : manifest.Layers[next++], word, arguments));
        }

        for (; next < manifest.Layers.Count; next++)
            steps.Add(new ImageStep(manifest.Layers[next], "", ""));
        return steps;
    }

    /// <summary>A history's <c>created_by</c> as the line of a Dockerfile that it was: BuildKit's form (<c>COPY . / # buildkit</c>) and the older one (<c>/bin/sh -c #(nop) CMD …</c>).</summary>
    private static (string Word, string Arguments) Read(string text)
    {
        text = text.Trim();
        if (text.EndsWith(BuildKit, StringComparison.Ordinal))
            text = text[..^BuildKit.Length].TrimEnd();
        if (text.StartsWith(Shell + NoOperation, StringComparison.Ordinal))
            return Split(text[(Shell.Length + NoOperation.Length)..].Trim());
        if (text.StartsWith(Shell, StringComparison.Ordinal) || text.StartsWith('|'))
            return ("RUN", Command(text));
        var (word, arguments) = Split(text);
        return word == "RUN" ? (word, Command(arguments)) : (word, arguments);
    }

    private static (string Word, string Arguments) Split(string text)
    {
        var space = text.IndexOf(' ');
        var word = space < 0 ? text : text[..space];
        foreach (var letter in word)
        {
            if (letter is < 'A' or > 'Z')
                return ("", text);
        }

        return (word, space < 0 ? "" : text[space..].Trim());
    }

    /// <summary>A RUN's command without the shell that ran it, nor the build arguments before that: <c>|1 VERSION=2 /bin/sh -c make</c>.</summary>
    private static string Command(string text)
    {
        if (text.StartsWith('|') && text.IndexOf(Shell, StringComparison.Ordinal) is >= 0 and var shell)
            text = text[shell..];
        return text.StartsWith(Shell, StringComparison.Ordinal) ? text[Shell.Length..].Trim() : text;
    }
}
