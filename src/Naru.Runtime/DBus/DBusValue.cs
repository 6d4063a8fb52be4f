namespace Naru.Runtime.DBus;

/// <summary>A value as the D-Bus specification types it. The signature says the type; the writer marshals it.</summary>
internal abstract record DBusValue(string Signature)
{
    /// <summary>y, n, q, i, u, x, t, d and b: all by their bits.</summary>
    public sealed record Number(char Type, ulong Bits) : DBusValue(Type.ToString());

    /// <summary>s, o and g.</summary>
    public sealed record Text(char Type, string Value) : DBusValue(Type.ToString());

    /// <param name="Element">The signature of each item.</param>
    public sealed record Array(string Element, IReadOnlyList<DBusValue> Items) : DBusValue("a" + Element);

    /// <summary>A struct of fields, «(ss)».</summary>
    public sealed record Struct(IReadOnlyList<DBusValue> Fields) : DBusValue($"({string.Concat(Fields.Select(field => field.Signature))})");

    /// <summary>An entry of an array that is a dictionary, «{sv}».</summary>
    public sealed record Entry(DBusValue Key, DBusValue Value) : DBusValue($"{{{Key.Signature}{Value.Signature}}}");

    /// <summary>A value that brings its type along.</summary>
    public sealed record Variant(DBusValue Inner) : DBusValue("v");

    public static DBusValue Of(string text) => new Text('s', text);

    public static DBusValue Of(bool flag) => new Number('b', flag ? 1u : 0u);

    public static DBusValue Of(uint number) => new Number('u', number);

    public static DBusValue Of(ulong number) => new Number('t', number);

    public static DBusValue Of(IReadOnlyList<uint> numbers)
    {
        var items = new DBusValue[numbers.Count];
        for (var index = 0; index < items.Length; index++)
            items[index] = Of(numbers[index]);
        return new Array("u", items);
    }

    public static DBusValue Of(IEnumerable<string> texts) => new Array("s", texts.Select(Of).ToList());

    public static DBusValue Of(ReadOnlySpan<byte> bytes)
    {
        var items = new DBusValue[bytes.Length];
        for (var index = 0; index < bytes.Length; index++)
            items[index] = new Number('y', bytes[index]);
        return new Array("y", items);
    }
}
