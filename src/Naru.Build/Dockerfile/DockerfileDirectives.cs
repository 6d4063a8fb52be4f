using System.Text;
using Naru.Base;

namespace Naru.Build.Dockerfile;

/// <summary>The lines <c># name=value</c> at the very top: <c>syntax</c>, <c>escape</c>, <c>check</c>. The first line that is none ends them.</summary>
public sealed class DockerfileDirectives
{
    /// <summary>The frontend's image; null: not given.</summary>
    public string? Syntax { get; private set; }

    /// <summary>Where syntax stands.</summary>
    public LineRange? SyntaxLines { get; private set; }

    /// <summary>Backslash or backquote: ends a line that goes on, and takes a letter's meaning away.</summary>
    public char Escape { get; private set; } = '\\';

    /// <summary>Options of the linter, as written; null: not given.</summary>
    public string? Check { get; private set; }

    /// <summary>Reads those of a file, whatever else is in it.</summary>
    /// <exception cref="DockerfileException">One is there twice, or has a value that it cannot have.</exception>
    public static DockerfileDirectives Read(SourceFile file)
    {
        var read = new DockerfileDirectives();
        var content = file.Content.Span;
        if (content.StartsWith("\uFEFF"u8))
            content = content[3..];
        var seen = new List<string>();
        var number = 0;
        foreach (var range in content.Split((byte)'\n'))
        {
            number++;
            if (!TryRead(content[range], out var name, out var value))
                break;
            if (seen.Contains(name))
                throw new DockerfileException($"only one {name} parser directive can be used", file, [new(1, 1)]);
            seen.Add(name);
            read.Set(name, value, number, file);
        }

        return read;
    }

    private void Set(string name, string value, int line, SourceFile file)
    {
        switch (name)
        {
            case "syntax":
                Syntax = value;
                SyntaxLines = new(line, line);
                break;
            case "escape":
                if (value is not ("\\" or "`"))
                    throw new DockerfileException($"invalid escape token '{value}' does not match ` or \\", file, []);
                Escape = value[0];
                break;
            default:
                Check = value;
                break;
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out string name, out string value)
    {
        (name, value) = ("", "");
        // Long lines are no directives; decoding them would only cost time.
        if (bytes.Length > 64 * 1024)
            return false;
        var line = Encoding.UTF8.GetString(bytes).Trim();
        if (!line.StartsWith('#'))
            return false;
        var equals = line.IndexOf('=');
        if (equals < 0)
            return false;
        name = line[1..equals].Trim().ToLowerInvariant();
        value = line[(equals + 1)..].Trim();
        return value.Length > 0 && name is "syntax" or "escape" or "check";
    }
}
