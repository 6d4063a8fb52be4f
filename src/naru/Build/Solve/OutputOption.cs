using Naru.Base.Flags;

namespace Naru.Cli.Build.Solve;

/// <summary>One --output: an exporter, where its result goes on our side, and its attributes.</summary>
/// <param name="Destination">A path, "-" for standard output, empty where the result stays with the engine.</param>
internal sealed record OutputOption(string Type, string Destination, IReadOnlyDictionary<string, string> Attributes)
{
    public static OutputOption Image { get; } = new("image", "", new Dictionary<string, string>());

    /// <summary>True when it becomes an image of the engine.</summary>
    public bool IsImage => Type == "image" || (Type == "docker" && Destination.Length == 0);

    /// <summary>True when the image goes on to its registry.</summary>
    public bool Pushes => Type == "image" && Attributes.GetValueOrDefault("push") == "true";

    /// <summary>"type=tar,dest=x.tar", or a bare path: "-" is a tar on standard output, any other a folder.</summary>
    /// <exception cref="NaruException">A malformed value, or a destination missing.</exception>
    public static OutputOption Parse(string text)
    {
        var fields = CommaSeparated.Split(text);
        if (fields.Count == 1 && fields[0] == text && !text.StartsWith("type=", StringComparison.Ordinal))
        {
            if (text.Length == 0)
                throw NaruException.Invalid("invalid value for --output: empty destination");
            return text == "-" ? new OutputOption("tar", "-", new Dictionary<string, string>()) : new OutputOption("local", text, new Dictionary<string, string>());
        }

        string type = "", destination = "";
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var equals = field.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"invalid value {field}");
            var (key, value) = (field[..equals].Trim().ToLowerInvariant(), field[(equals + 1)..]);
            if (key == "type")
                type = value;
            else if (key is "dest" or "destination")
                destination = value;
            else
                attributes[key] = value;
        }

        if (type.Length == 0)
            throw NaruException.Invalid("type is required for output");
        if (type == "registry")
            (type, attributes["push"]) = ("image", "true");
        return type switch
        {
            "local" when destination.Length == 0 || destination == "-" => throw NaruException.Invalid("dest is required for local exporter"),
            "oci" or "tar" when destination.Length == 0 => new OutputOption(type, "-", attributes),
            "local" or "oci" or "tar" or "docker" or "image" => new OutputOption(type, destination, attributes),
            "cacheonly" => new OutputOption(type, "", attributes),
            _ => throw NaruException.Invalid($"unsupported output type {GoText.Quote(type)}: it is one of image, registry, docker, local, tar, oci, cacheonly"),
        };
    }
}
