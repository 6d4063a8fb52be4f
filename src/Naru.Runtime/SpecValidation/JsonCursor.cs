using System.Text;
using System.Text.Json;
using Naru.Base;

namespace Naru.Runtime.SpecValidation;

/// <summary>Reads one value of a JSON record from the cursor's place.</summary>
internal delegate T ValueReader<out T>(ref JsonCursor json);

/// <summary>A forward walk over a JSON document. Each method reads the value of the member that <see cref="Next"/> stopped at; null is absent.</summary>
/// <exception cref="NaruException">InvalidArgument: a value of another kind, by the member's name. JsonException: no JSON at all.</exception>
internal ref struct JsonCursor(ReadOnlySpan<byte> document)
{
    private readonly ReadOnlySpan<byte> _document = document;
    private Utf8JsonReader _reader = new(document);
    private int _nameStart;
    private int _nameLength;

    /// <summary>Reads a document that is one object, with nothing after it.</summary>
    public static T Whole<T>(ReadOnlySpan<byte> document, ValueReader<T> read)
        where T : class
    {
        var json = new JsonCursor(document);
        var value = json.Object(read) ?? throw NaruException.Invalid("null is no object");
        json._reader.Read();
        return value;
    }

    /// <summary>On to the next member of the object; false at its end.</summary>
    public bool Next()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return false;
        _nameStart = (int)_reader.TokenStartIndex + 1;
        _nameLength = _reader.ValueSpan.Length;
        return true;
    }

    /// <summary>Whether the member has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    public void Skip() => _reader.Skip();

    public string? Text() => Read(JsonTokenType.String, "a string") ? _reader.GetString() : null;

    public bool? Flag()
    {
        _reader.Read();
        return _reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Wrong("true or false"),
        };
    }

    public long? Int64() => !Read(JsonTokenType.Number, "a number") ? null : _reader.TryGetInt64(out var value) ? value : throw Wrong("a whole number");

    public ulong? UInt64() => !Read(JsonTokenType.Number, "a number") ? null : _reader.TryGetUInt64(out var value) ? value : throw Wrong("a whole number from 0 on");

    public int? Int32() => !Read(JsonTokenType.Number, "a number") ? null : _reader.TryGetInt32(out var value) ? value : throw Wrong("a whole number of 32 bits");

    public uint? UInt32() => !Read(JsonTokenType.Number, "a number") ? null : _reader.TryGetUInt32(out var value) ? value : throw Wrong("a number from 0 to 4294967295");

    public ushort? UInt16() => !Read(JsonTokenType.Number, "a number") ? null : _reader.TryGetUInt16(out var value) ? value : throw Wrong("a number from 0 to 65535");

    public T? Object<T>(ValueReader<T> read)
        where T : class => Read(JsonTokenType.StartObject, "an object") ? read(ref this) : null;

    /// <summary>An array of objects.</summary>
    public List<T>? List<T>(ValueReader<T> read)
        where T : class
    {
        if (!Read(JsonTokenType.StartArray, "an array"))
            return null;
        var list = new List<T>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            list.Add(_reader.TokenType == JsonTokenType.StartObject ? read(ref this) : throw Wrong("an array of objects"));
        return list;
    }

    public List<uint>? Numbers()
    {
        if (!Read(JsonTokenType.StartArray, "an array"))
            return null;
        var list = new List<uint>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            list.Add(_reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt32(out var value) ? value : throw Wrong("an array of numbers"));
        return list;
    }

    public List<string>? Texts()
    {
        if (!Read(JsonTokenType.StartArray, "an array"))
            return null;
        var list = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            list.Add(_reader.TokenType == JsonTokenType.String ? _reader.GetString()! : throw Wrong("an array of strings"));
        return list;
    }

    public Dictionary<string, string>? TextMap()
    {
        if (!Read(JsonTokenType.StartObject, "an object"))
            return null;
        var map = new Dictionary<string, string>();
        while (Next())
        {
            var key = _reader.GetString()!;
            map[key] = Text() ?? "";
        }

        return map;
    }

    public Dictionary<string, T>? Map<T>(ValueReader<T> read)
        where T : class
    {
        if (!Read(JsonTokenType.StartObject, "an object"))
            return null;
        var map = new Dictionary<string, T>();
        while (Next())
        {
            var key = _reader.GetString()!;
            if (Object(read) is { } value)
                map[key] = value;
        }

        return map;
    }

    private bool Read(JsonTokenType wanted, string description)
    {
        _reader.Read();
        if (_reader.TokenType == wanted)
            return true;
        return _reader.TokenType == JsonTokenType.Null ? false : throw Wrong(description);
    }

    private readonly NaruException Wrong(string wanted) =>
        NaruException.Invalid($"\"{Encoding.UTF8.GetString(_document.Slice(_nameStart, _nameLength))}\" must be {wanted}");
}
