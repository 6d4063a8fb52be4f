using System.Text;

namespace Naru.Cli.Commands.Containers;

/// <summary>--env-file and --label-file: a key and value a line, # for comments.</summary>
internal static class KeyValueFiles
{
    /// <summary>Lines of the files; a key without value takes the client's own variable or is left out.</summary>
    public static IEnumerable<string> ReadEnvironment(IEnumerable<string> paths) => Lines(paths).SelectMany(static line =>
        line.Contains('=') ? (IEnumerable<string>)[line] : Environment.GetEnvironmentVariable(line) is { } own ? [$"{line}={own}"] : []);

    public static IEnumerable<string> Read(IEnumerable<string> paths) => Lines(paths);

    public static SortedDictionary<string, string> ToMap(IEnumerable<string> pairs)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=');
            map[at < 0 ? pair : pair[..at]] = at < 0 ? "" : pair[(at + 1)..];
        }

        return map;
    }

    private static List<string> Lines(IEnumerable<string> paths)
    {
        var lines = new List<string>();
        foreach (var path in paths)
        {
            string text;
            try
            {
                text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            }
            catch (DecoderFallbackException)
            {
                throw NaruException.Invalid($"env file {path} contains invalid utf8 bytes");
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw NaruException.NotFound($"open {path}: no such file or directory");
            }
            catch (UnauthorizedAccessException)
            {
                throw new NaruException(ErrorKind.PermissionDenied, $"open {path}: permission denied");
            }

            foreach (var raw in text.Split('\n'))
            {
                var line = raw.TrimEnd('\r').TrimStart();
                if (line.Length == 0 || line[0] == '#')
                    continue;
                var key = line.Split('=', 2)[0];
                if (key.Length == 0)
                    throw NaruException.Invalid($"invalid env file ({path}): no variable name on line '{line}'");
                if (key.Any(char.IsWhiteSpace))
                    throw NaruException.Invalid($"invalid env file ({path}): variable '{key}' contains whitespaces");
                lines.Add(line);
            }
        }

        return lines;
    }
}
