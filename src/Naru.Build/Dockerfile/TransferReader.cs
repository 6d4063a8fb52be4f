using Naru.Base;
using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>Makes a COPY or an ADD of its words.</summary>
internal static class TransferReader
{
    private const int MostSources = 5_000;

    public static CopyInstruction ReadCopy(LogicalLine line)
    {
        var (sources, heredocs, destination) = ReadPaths(line, "COPY");
        var flags = new InstructionFlags().Text("chown", "from", "chmod").Switch("link", "parents").Texts("exclude").Read(line.Words.Flags);
        return new CopyInstruction
        {
            Sources = sources,
            Heredocs = heredocs,
            Destination = destination,
            From = flags.Value("from"),
            Chown = flags.Value("chown"),
            Chmod = flags.Value("chmod"),
            Link = flags.IsOn("link") ?? false,
            Parents = flags.IsOn("parents") ?? false,
            Exclude = flags.Values("exclude"),
            At = line.At,
        };
    }

    public static AddInstruction ReadAdd(LogicalLine line)
    {
        var (sources, heredocs, destination) = ReadPaths(line, "ADD");
        var flags = new InstructionFlags().Text("chown", "chmod", "checksum").Switch("link", "keep-git-dir", "unpack").Texts("exclude").Read(line.Words.Flags);
        return new AddInstruction
        {
            Sources = sources,
            Heredocs = heredocs,
            Destination = destination,
            Chown = flags.Value("chown"),
            Chmod = flags.Value("chmod"),
            Link = flags.IsOn("link") ?? false,
            Exclude = flags.Values("exclude"),
            KeepGitFolder = flags.IsOn("keep-git-dir"),
            Checksum = flags.Value("checksum"),
            Unpack = flags.IsOn("unpack"),
            At = line.At,
        };
    }

    private static (List<string> Sources, List<Heredoc> Heredocs, string Destination) ReadPaths(LogicalLine line, string word)
    {
        var arguments = line.Words.Arguments;
        if (arguments.Count < 2)
            throw NaruException.Invalid($"{word} requires at least two arguments, but only one was provided. Destination could not be determined");
        if (arguments.Count > MostSources)
            throw NaruException.Invalid($"{word} has {arguments.Count - 1} sources; {MostSources} is the most");
        if (IsHeredoc(arguments[^1]) is not null)
            throw NaruException.Invalid($"{word} cannot accept a heredoc as a destination");
        var (sources, heredocs) = (new List<string>(), new List<Heredoc>());
        // Of two with one name the last one counts.
        var contents = new Dictionary<string, byte[]>();
        foreach (var heredoc in line.Heredocs)
            contents[heredoc.Name] = heredoc.Content;
        foreach (var source in arguments.GetRange(0, arguments.Count - 1))
        {
            if (IsHeredoc(source) is not { } announced)
            {
                sources.Add(source);
                continue;
            }

            heredocs.Add(announced with { Content = contents.GetValueOrDefault(announced.Name) ?? [] });
        }

        return (sources, heredocs, arguments[^1]);

        Heredoc? IsHeredoc(string argument) => line.Words.IsJson ? null : HeredocWord.Parse(argument);
    }
}
