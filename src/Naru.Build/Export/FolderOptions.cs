using System.Globalization;
using Naru.Base;

namespace Naru.Build.Export;

/// <summary>What <c>--output type=local</c> and <c>type=tar</c> say.</summary>
internal sealed record FolderOptions
{
    /// <summary>Each platform in a folder of its own; null: if there are several.</summary>
    public bool? Split { get; init; }

    /// <summary>The time of all that is sent, before the build's own SOURCE_DATE_EPOCH; null: not said.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>How the names of statements begin.</summary>
    public string AttestationPrefix { get; init; } = "";

    /// <exception cref="NaruException">InvalidArgument: a value that is none.</exception>
    public static FolderOptions Parse(IReadOnlyDictionary<string, string> attributes)
    {
        var options = new FolderOptions();
        foreach (var (name, value) in attributes)
        {
            switch (name)
            {
                case "platform-split":
                    options = options with
                    {
                        Split = value is "true" or "1" || (value is "false" or "0" ? false : throw NaruException.Invalid($"invalid boolean value for platform-split: {value}")),
                    };
                    break;
                case "source-date-epoch":
                    options = options with
                    {
                        Epoch = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                            : throw NaruException.Invalid($"invalid SOURCE_DATE_EPOCH: {value}"),
                    };
                    break;
                case "attestation-prefix":
                    options = options with { AttestationPrefix = value.AsSpan().IndexOfAny('/', '\0') < 0 ? value : throw NaruException.Invalid($"invalid attestation-prefix {GoText.Quote(value)}") };
                    break;
                case "name" or "dest" or "rewrite-timestamp":
                    // The client's own, and what is done anyway.
                    break;
                default:
                    throw NaruException.Invalid($"unknown attribute {GoText.Quote(name)} of a folder or tar output");
            }
        }

        return options;
    }

    /// <summary>The folder of each tree in the output; empty: the output itself.</summary>
    /// <exception cref="NaruException">InvalidArgument: several trees in one folder.</exception>
    public IReadOnlyList<string> Folders(IReadOnlyList<ExportedTree> trees)
    {
        var split = Split ?? trees.Count > 1;
        if (!split && trees.Count > 1)
            throw NaruException.Invalid("platform-split=false with several platforms is not supported: their files would overwrite each other");
        List<string> folders = [];
        foreach (var tree in trees)
            folders.Add(split ? tree.Platform.ToString().Replace('/', '_') : "");
        return folders;
    }
}
