using System.Globalization;
using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>Values written as GVariant's text form: <c>'text'</c>, <c>uint64 7</c>, <c>['a', 'b']</c>, <c>{'k': &lt;1&gt;}</c>, <c>@as []</c>, <c>b'bytes'</c>. Without maybe types and tuples.</summary>
/// <remarks>A number without a type is of 32 bits, or with a point a double. One item of an array with a type gives it to all.</remarks>
internal sealed class VariantText
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["boolean"] = "b",
        ["byte"] = "y",
        ["int16"] = "n",
        ["uint16"] = "q",
        ["int32"] = "i",
        ["uint32"] = "u",
        ["int64"] = "x",
        ["uint64"] = "t",
        ["double"] = "d",
        ["string"] = "s",
        ["objectpath"] = "o",
        ["signature"] = "g",
    };

    private readonly VariantLexer _tokens;

    private VariantText(string text) => _tokens = new VariantLexer(text);

    /// <exception cref="NaruException">InvalidArgument: what is wrong, without the text.</exception>
    public static DBusValue Parse(string text)
    {
        var parser = new VariantText(text);
        var node = parser.Node();
        if (parser._tokens.Next() is { Kind: not VariantToken.End } rest)
            throw NaruException.Invalid($"unexpected \"{rest.Text}\"");
        return node.As(node.TypeOf() ?? throw NaruException.Invalid($"can't infer type for \"{text}\""));
    }

    private VariantNode Node(string? type = null)
    {
        var token = _tokens.Next();
        switch (token.Kind)
        {
            case VariantToken.Type when type is null:
                return Node(token.Text[0] == '@' ? token.Text[1..] : Types.GetValueOrDefault(token.Text) ?? throw NaruException.Invalid($"unrecognized type \"{token.Text}\""));
            case VariantToken.Type:
                throw NaruException.Invalid("unexpected type annotation");
            case VariantToken.Number:
                return new VariantNode.Number(type, token.Text);
            case VariantToken.Boolean:
                return new VariantNode.Boolean(type, token.Text == "true");
            case VariantToken.Text:
                return new VariantNode.Text(type, VariantLexer.Unescape(token.Text));
            case VariantToken.Bytes:
                return new VariantNode.Bytes(type, VariantLexer.UnescapeBytes(token.Text));
            case VariantToken.Mark when token.Text == "[":
                return new VariantNode.List(type, Items("]", () => Node()));
            case VariantToken.Mark when token.Text == "{":
                return new VariantNode.Dictionary(type, Items("}", Pair));
            case VariantToken.Mark when token.Text == "<":
                var inner = Node();
                Expect(">");
                return new VariantNode.Variant(type, inner);
            case VariantToken.End:
                throw NaruException.Invalid("unexpected EOF");
            default:
                throw NaruException.Invalid($"unexpected \"{token.Text}\"");
        }
    }

    private (VariantNode Key, VariantNode Value) Pair()
    {
        var key = Node();
        Expect(":");
        return (key, Node());
    }

    private List<T> Items<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        if (_tokens.Skip(close))
            return items;
        while (true)
        {
            items.Add(read());
            if (_tokens.Skip(close))
                return items;
            Expect(",");
        }
    }

    private void Expect(string mark)
    {
        if (_tokens.Skip(mark))
            return;
        var token = _tokens.Next();
        throw NaruException.Invalid(token.Kind == VariantToken.End ? "unexpected EOF" : $"unexpected \"{token.Text}\"");
    }
}
