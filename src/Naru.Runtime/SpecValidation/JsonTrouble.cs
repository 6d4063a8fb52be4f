namespace Naru.Runtime.SpecValidation;

/// <summary>What is wrong with a document that is no JSON, in the words of Go's decoder, which callers of runtimes know. Made only once reading has failed.</summary>
internal ref struct JsonTrouble
{
    private readonly ReadOnlySpan<byte> _document;
    private int _at;
    private string? _found;

    private JsonTrouble(ReadOnlySpan<byte> document) => _document = document;

    /// <summary>Null: there is nothing wrong with the document's first value.</summary>
    public static string? Of(ReadOnlySpan<byte> document)
    {
        if (document.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return "EOF";
        var trouble = new JsonTrouble(document);
        trouble.Value(depth: 0);
        return trouble._found;
    }

    private bool Failed => _found is not null;

    /// <summary>The next byte that is no blank; 0 at the end, with which the search is over.</summary>
    private byte Next()
    {
        while (_at < _document.Length && _document[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
        return Here();
    }

    private byte Here()
    {
        if (_at < _document.Length)
            return _document[_at];
        _found ??= "unexpected EOF";
        return 0;
    }

    private void Fail(string where)
    {
        if (Failed)
            return;
        var letter = (char)Here();
        if (Failed)
            return;
        var shown = letter switch { '\'' => "\\'", '"' => "\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", '\r' => "\\r", < ' ' or '\x7f' => $"\\x{(int)letter:x2}", _ => letter.ToString() };
        _found = $"invalid character '{shown}' {where}";
    }

    private void Value(int depth)
    {
        const int most = 10000;
        if (depth > most)
        {
            _found = "exceeded max depth";
            return;
        }

        switch (Next())
        {
            case (byte)'{':
                Object(depth);
                break;
            case (byte)'[':
                Array(depth);
                break;
            case (byte)'"':
                Text();
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                Number();
                break;
            case (byte)'t':
                Literal("true"u8, "true");
                break;
            case (byte)'f':
                Literal("false"u8, "false");
                break;
            case (byte)'n':
                Literal("null"u8, "null");
                break;
            default:
                Fail("looking for beginning of value");
                break;
        }
    }

    private void Object(int depth)
    {
        _at++;
        if (Next() == '}')
        {
            _at++;
            return;
        }

        while (!Failed)
        {
            if (Next() != '"')
            {
                Fail("looking for beginning of object key string");
                return;
            }

            Text();
            if (!Failed && Next() != ':')
                Fail("after object key");
            _at++;
            if (!Failed)
                Value(depth + 1);
            if (Ends((byte)'}', "after object key:value pair"))
                return;
        }
    }

    private void Array(int depth)
    {
        _at++;
        if (Next() == ']')
        {
            _at++;
            return;
        }

        while (!Failed)
        {
            Value(depth + 1);
            if (Ends((byte)']', "after array element"))
                return;
        }
    }

    /// <summary>After a member or an element: whether it was the last, or something is wrong.</summary>
    private bool Ends(byte end, string where)
    {
        if (Failed)
            return true;
        var next = Next();
        if (next != end && next != ',')
            Fail(where);
        _at++;
        return Failed || next == end;
    }

    private void Text()
    {
        _at++;
        while (!Failed)
        {
            switch (Here())
            {
                case (byte)'"' when !Failed:
                    _at++;
                    return;
                case (byte)'\\':
                    _at++;
                    Escape();
                    break;
                case < (byte)' ':
                    Fail("in string literal");
                    break;
                default:
                    _at++;
                    break;
            }
        }
    }

    private void Escape()
    {
        if (Here() != 'u')
        {
            if (!"bfnrt\\/\""u8.Contains(Here()))
                Fail("in string escape code");
            _at++;
            return;
        }

        _at++;
        for (var digit = 0; digit < 4 && !Failed; digit++, _at++)
        {
            if (!char.IsAsciiHexDigit((char)Here()))
                Fail("in \\u hexadecimal character escape");
        }
    }

    private void Number()
    {
        if (Here() == '-')
            _at++;
        if (!char.IsAsciiDigit((char)Here()))
        {
            Fail("in numeric literal");
            return;
        }

        // No digit follows a zero at the beginning: it would come after the value.
        if (Here() == '0')
            _at++;
        else
            Digits();
        if (_at < _document.Length && _document[_at] == '.')
        {
            _at++;
            Digits("after decimal point in numeric literal");
        }

        if (_at < _document.Length && _document[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (_at < _document.Length && _document[_at] is (byte)'+' or (byte)'-')
                _at++;
            Digits("in exponent of numeric literal");
        }
    }

    private void Digits(string? needed = null)
    {
        if (needed is not null && !char.IsAsciiDigit((char)Here()))
            Fail(needed);
        while (_at < _document.Length && char.IsAsciiDigit((char)_document[_at]))
            _at++;
    }

    private void Literal(ReadOnlySpan<byte> word, string name)
    {
        foreach (var letter in word)
        {
            if (Here() != letter)
            {
                Fail($"in literal {name} (expecting '{(char)letter}')");
                return;
            }

            _at++;
        }
    }
}
