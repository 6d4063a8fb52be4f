using System.Text;
using System.Text.RegularExpressions;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Parses one filter, by the grammar at <see cref="Filter"/>.</summary>
internal sealed class FilterParser(string input)
{
    private int position;

    public List<FilterSelector> Parse()
    {
        var selectors = new List<FilterSelector>();
        while (true)
        {
            selectors.Add(Selector());
            SkipSpace();
            if (position == input.Length)
                return selectors;
            if (input[position] != ',')
                throw Failure("expected a separator or end of filter");
            position++;
        }
    }

    private FilterSelector Selector()
    {
        var path = new List<string> { FieldName() };
        while (Peek() == '.')
        {
            position++;
            path.Add(FieldName());
        }

        SkipSpace();
        var start = position;
        while (Peek() is '=' or '!' or '~')
            position++;
        if (position == start)
            return new FilterSelector(path, FilterOperator.Present, string.Empty);
        var comparison = input[start..position] switch
        {
            "==" => FilterOperator.Equal,
            "!=" => FilterOperator.NotEqual,
            "~=" => FilterOperator.Matches,
            var other => throw Failure($"unsupported operator \"{other}\""),
        };
        SkipSpace();
        var value = Value(alternativeQuotes: comparison == FilterOperator.Matches);
        if (comparison == FilterOperator.Matches)
            CheckPattern(value);
        return new FilterSelector(path, comparison, value);
    }

    private string FieldName()
    {
        SkipSpace();
        if (Peek() == '"')
            return Quoted();
        var start = position;
        while (position < input.Length && (char.IsLetterOrDigit(input[position]) || input[position] == '_'))
            position++;
        return position > start ? input[start..position] : throw Failure("expected field or quoted");
    }

    private string Value(bool alternativeQuotes)
    {
        switch (Peek())
        {
            case '"':
                return Quoted();
            case '/' or '|':
                return alternativeQuotes ? Quoted() : throw Failure("invalid quote encountered");
        }

        var start = position;
        while (position < input.Length && input[position] != ',' && !char.IsWhiteSpace(input[position]))
            position++;
        return position > start ? input[start..position] : throw Failure("expected value or quoted");
    }

    /// <summary>A quoted text. Between / or | only the quote itself is escaped, so that patterns keep their backslashes.</summary>
    private string Quoted()
    {
        var quote = input[position++];
        var text = new StringBuilder();
        while (position < input.Length && input[position] != quote)
        {
            var c = input[position++];
            if (c != '\\' || position == input.Length)
                text.Append(c);
            else if (quote != '"')
                text.Append(input[position] == quote ? string.Empty : "\\").Append(input[position++]);
            else
                text.Append(input[position++] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        if (position == input.Length)
            throw Failure("quoted literal not terminated");
        position++;
        return text.ToString();
    }

    private void CheckPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw Failure($"invalid regexp: {e.Message}");
        }
    }

    private char Peek() => position < input.Length ? input[position] : '\0';

    private void SkipSpace()
    {
        while (position < input.Length && char.IsWhiteSpace(input[position]))
            position++;
    }

    private NaruException Failure(string reason) =>
        NaruException.Invalid($"filters: parse error: [{input[..position]} >|{(position < input.Length ? input[position].ToString() : string.Empty)}|< {(position < input.Length ? input[(position + 1)..] : string.Empty)}]: {reason}: invalid argument");
}
