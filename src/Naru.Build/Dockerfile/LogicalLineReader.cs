using System.Text;
using Naru.Base;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;

namespace Naru.Build.Dockerfile;

/// <summary>Cuts a Dockerfile into instructions: joins continued lines, drops comments and empty lines between them, collects here-documents.</summary>
internal sealed class LogicalLineReader(SourceFile file, char escape, Linter linter)
{
    private readonly ReadOnlyMemory<byte> content = file.Content;
    private int at = file.Content.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
    private int number;

    /// <exception cref="DockerfileException">There is no instruction, or one that cannot be cut into words.</exception>
    public List<LogicalLine> Read()
    {
        var lines = new List<LogicalLine>();
        var comments = new List<string>();
        while (TryNext(out var bytes))
        {
            var line = Decode(bytes).TrimStart();
            if (line.StartsWith('#'))
            {
                // An empty comment parts what is above it from the instruction.
                var comment = line[1..].Trim();
                if (comment.Length == 0)
                    comments = [];
                else
                    comments.Add(comment);
                continue;
            }

            var goesOn = TrimContinuation(ref line);
            if (!goesOn && line.Length == 0)
                continue;
            lines.Add(Join(line, goesOn, comments));
            comments = [];
        }

        return lines.Count > 0 ? lines : throw new DockerfileException("file with no instructions", file, number == 0 ? [] : [new(number, number)]);
    }

    private LogicalLine Join(string first, bool goesOn, List<string> comments)
    {
        var start = number;
        var text = new StringBuilder(first);
        var hadEmptyLine = false;
        while (goesOn && TryNext(out var bytes))
        {
            var line = Decode(bytes);
            var trimmed = line.AsSpan().TrimStart();
            if (trimmed.StartsWith("#"))
                continue;
            if (trimmed.IsEmpty)
            {
                hadEmptyLine = true;
                continue;
            }

            goesOn = TrimContinuation(ref line);
            text.Append(line);
        }

        if (hadEmptyLine)
            linter.NoEmptyContinuation(new(number, number));
        var joined = text.ToString();
        try
        {
            var words = InstructionWords.Read(joined, escape);
            var heredocs = words.TakesHeredocs ? ReadHeredocs(joined) : [];
            var place = new InstructionText { Word = words.Word, Lines = new(start, number), Text = joined, Comments = comments };
            return new LogicalLine { At = place, Heredocs = heredocs, Words = words };
        }
        catch (NaruException error) when (error is not DockerfileException)
        {
            throw new DockerfileException(error.Message, file, [new(start, number)]);
        }
    }

    private List<Heredoc> ReadHeredocs(string line)
    {
        var read = new List<Heredoc>();
        foreach (var heredoc in HeredocWord.FindAll(line))
        {
            var ending = Encoding.UTF8.GetBytes(heredoc.Name);
            var start = at;
            var end = -1;
            while (end < 0)
            {
                var here = at;
                if (!TryNext(out var bytes))
                    throw NaruException.Invalid("unterminated heredoc");
                var word = bytes.Span.TrimEnd("\r\n"u8);
                if (heredoc.Chomps)
                    word = word.TrimStart((byte)'\t');
                if (word.SequenceEqual(ending))
                    end = here;
            }

            read.Add(heredoc with { Content = content[start..end].ToArray() });
        }

        return read;
    }

    /// <summary>The next line of the file, with its newline.</summary>
    private bool TryNext(out ReadOnlyMemory<byte> line)
    {
        line = default;
        if (at >= content.Length)
            return false;
        var newline = content.Span[at..].IndexOf((byte)'\n');
        var end = newline < 0 ? content.Length : at + newline + 1;
        line = content[at..end];
        at = end;
        number++;
        return true;
    }

    private string Decode(ReadOnlyMemory<byte> line)
    {
        var bytes = line.Span.TrimEnd("\r\n"u8);
        if (bytes.Contains((byte)0))
            throw new DockerfileException($"dockerfile parse error on line {number}: the line has a NUL byte: this is no text file", file, [new(number, number)]);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Takes a single escape off the end, with the blanks after it. Two in a row are text.</summary>
    private bool TrimContinuation(ref string line)
    {
        var trimmed = line.AsSpan().TrimEnd(" \t");
        if (trimmed.IsEmpty || trimmed[^1] != escape || (trimmed.Length > 1 && trimmed[^2] == escape))
            return false;
        line = line[..(trimmed.Length - 1)];
        return true;
    }
}
