using System.Globalization;

namespace Naru.Cli.Template;

/// <summary>Builds the nodes of a template: the part of Go's text/template that formats use.</summary>
internal sealed class Parser
{
    private readonly string text;
    private readonly List<string> variables = ["$"];
    private int at;

    private Parser(string text) => this.text = text;

    /// <exception cref="TemplateException">With text/template's words.</exception>
    public static List<Node> Parse(string text, out Dictionary<string, List<Node>> defined)
    {
        var parser = new Parser(text);
        var nodes = parser.Block(out var end);
        defined = parser.Defined;
        return end is null ? nodes : throw new TemplateException($"unexpected {{{{{end.Value.Word}}}}}");
    }

    private Dictionary<string, List<Node>> Defined { get; } = [];

    private readonly record struct Keyword(string Word, List<Lexer.Token> Rest);

    /// <summary>Reads nodes up to end, else or the text's end.</summary>
    private List<Node> Block(out Keyword? end)
    {
        var nodes = new List<Node>();
        while (true)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            var plain = open < 0 ? text[at..] : text[at..open];
            if (open >= 0 && open + 3 < text.Length && text[open + 2] == '-' && char.IsWhiteSpace(text[open + 3]))
                plain = plain.TrimEnd();
            if (plain.Length > 0)
                nodes.Add(new TextNode(plain));
            if (open < 0)
            {
                at = text.Length;
                end = null;
                return nodes;
            }

            if (Action(open) is not { } action)
                continue;
            var tokens = Lexer.Split(action, open + 2);
            if (tokens.Count == 0)
                throw new TemplateException("missing value for command");
            var word = tokens[0].Kind == Lexer.Kind.Identifier ? tokens[0].Value : "";
            var rest = tokens.GetRange(1, tokens.Count - 1);
            switch (word)
            {
                case "end" or "else":
                    end = new Keyword(word, rest);
                    return nodes;
                case "if" or "with" or "range":
                    nodes.Add(Control(word, rest));
                    break;
                case "define":
                    Define(rest);
                    break;
                case "template" or "block":
                    nodes.Add(Named(word, tokens, open + 2));
                    break;
                case "break":
                    nodes.Add(new BreakNode());
                    break;
                case "continue":
                    nodes.Add(new ContinueNode());
                    break;
                default:
                    nodes.Add(new ActionNode(ParsePipeline(tokens)));
                    break;
            }
        }
    }

    /// <summary>Takes one action's inside and moves past it; null for a comment.</summary>
    private string? Action(int open)
    {
        var start = open + 2;
        var trims = start + 1 < text.Length && text[start] == '-' && char.IsWhiteSpace(text[start + 1]);
        var inside = trims ? start + 1 : start;
        var first = inside;
        while (first < text.Length && char.IsWhiteSpace(text[first]))
            first++;
        var comment = text.AsSpan(first).StartsWith("/*");
        var close = comment ? text.IndexOf("}}", Math.Max(first, text.IndexOf("*/", first, StringComparison.Ordinal)), StringComparison.Ordinal) : FindClose(inside);
        if (close < 0)
            throw new TemplateException(comment ? "unclosed comment" : "unclosed action");
        var body = text[inside..close];
        at = close + 2;
        if (body.Length >= 2 && body[^1] == '-' && char.IsWhiteSpace(body[^2]))
        {
            body = body[..^1];
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
        }

        return comment ? null : body;
    }

    /// <summary>Finds the action's end outside of quotes.</summary>
    private int FindClose(int from)
    {
        var quote = '\0';
        for (var index = from; index < text.Length; index++)
        {
            var letter = text[index];
            if (quote != '\0')
            {
                if (letter == '\\' && quote != '`')
                    index++;
                else if (letter == quote)
                    quote = '\0';
            }
            else if (letter is '"' or '`' or '\'')
            {
                quote = letter;
            }
            else if (letter == '}')
            {
                if (index + 1 < text.Length && text[index + 1] == '}')
                    return index;
                throw new TemplateException("bad character U+007D '}'");
            }
        }

        return -1;
    }

    private void Define(List<Lexer.Token> words)
    {
        if (words is not [{ Kind: Lexer.Kind.Text }])
            throw new TemplateException(words.Count == 0 ? "missing value for define clause" : $"unexpected {GoText.Quote(words[0].Source)} in define clause");
        var body = Block(out var end);
        if (end is not { Word: "end" })
            throw new TemplateException(end is null ? "unexpected EOF" : $"unexpected {{{{{end.Value.Word}}}}} in define clause");
        Defined[words[0].Value] = body;
    }

    /// <summary>`template` calls what is defined somewhere; `block` defines it where it is called.</summary>
    private TemplateNode Named(string word, List<Lexer.Token> tokens, int column)
    {
        if (tokens.Count < 2 || tokens[1].Kind != Lexer.Kind.Text)
            throw new TemplateException(tokens.Count < 2 ? $"missing value for {word} clause" : $"unexpected {GoText.Quote(tokens[1].Source)} in {word} clause");
        var value = tokens.Count > 2 ? ParsePipeline(tokens.GetRange(2, tokens.Count - 2)) : null;
        if (word == "block")
            Define([tokens[1]]);
        return new TemplateNode(tokens[1].Value, value, column);
    }

    private Node Control(string word, List<Lexer.Token> condition)
    {
        var scope = variables.Count;
        if (condition.Count == 0)
            throw new TemplateException($"missing value for {word}");
        var pipeline = ParsePipeline(condition);
        var body = Block(out var end);
        var other = new List<Node>();
        if (end is { Word: "else" } otherwise)
        {
            if (otherwise.Rest.Count > 0 && otherwise.Rest[0].Value is "if" or "with")
            {
                other.Add(Control(otherwise.Rest[0].Value, otherwise.Rest.GetRange(1, otherwise.Rest.Count - 1)));
                end = new Keyword("end", []);
            }
            else
            {
                other = Block(out end);
            }
        }

        if (end is not { Word: "end" })
            throw new TemplateException(end is null ? "unexpected EOF" : $"unexpected {{{{{end.Value.Word}}}}}");
        variables.RemoveRange(scope, variables.Count - scope);
        return word switch
        {
            "if" => new IfNode(pipeline, body, other),
            "with" => new WithNode(pipeline, body, other),
            _ => new RangeNode(pipeline, body, other),
        };
    }

    private Pipeline ParsePipeline(List<Lexer.Token> tokens)
    {
        var at = 0;
        var pipeline = ParsePipeline(tokens, ref at);
        return at == tokens.Count ? pipeline : throw new TemplateException($"unexpected {GoText.Quote(tokens[at].Source)} in command");
    }

    private Pipeline ParsePipeline(List<Lexer.Token> tokens, ref int at)
    {
        var names = new List<string>();
        var assigns = false;
        var look = at;
        while (look < tokens.Count && tokens[look].Kind == Lexer.Kind.Variable && look + 1 < tokens.Count && tokens[look + 1].Kind is Lexer.Kind.Comma or Lexer.Kind.Declare or Lexer.Kind.Assign)
        {
            names.Add(tokens[look].Value);
            var mark = tokens[look + 1].Kind;
            look += 2;
            if (mark == Lexer.Kind.Comma)
                continue;
            assigns = mark == Lexer.Kind.Assign;
            at = look;
            break;
        }

        var commands = new List<List<Operand>>();
        while (true)
        {
            var command = new List<Operand>();
            while (at < tokens.Count && tokens[at].Kind is not (Lexer.Kind.Bar or Lexer.Kind.Close))
                command.Add(ParseOperand(tokens, ref at));
            if (command.Count > 0)
                commands.Add(command);
            // Go lets a bar end the pipeline.
            if (commands.Count == 0)
                throw new TemplateException("missing value for command");
            if (at >= tokens.Count || tokens[at].Kind != Lexer.Kind.Bar)
                break;
            at++;
        }

        if (!assigns)
            variables.AddRange(names);
        return new Pipeline(names, assigns, commands);
    }

    private Operand ParseOperand(List<Lexer.Token> tokens, ref int at)
    {
        var token = tokens[at++];
        switch (token.Kind)
        {
            case Lexer.Kind.Text:
                return new ConstantOperand(token.Column, token.Source, token.Value);
            case Lexer.Kind.Number:
                return new ConstantOperand(token.Column, token.Source, Number(token.Value));
            case Lexer.Kind.Identifier when token.Value is "true" or "false":
                return new ConstantOperand(token.Column, token.Source, token.Value == "true");
            case Lexer.Kind.Identifier when token.Value is "nil":
                return new ConstantOperand(token.Column, token.Source, null);
            case Lexer.Kind.Identifier:
                return Functions.Exists(token.Value) ? new FunctionOperand(token.Column, token.Value) : throw new TemplateException($"function {GoText.Quote(token.Value)} not defined");
            case Lexer.Kind.Dot:
                return new FieldOperand(token.Column, ".", null, null, []);
            case Lexer.Kind.Field:
                return Fields(token, null, null, tokens, ref at);
            case Lexer.Kind.Variable:
                if (!variables.Contains(token.Value))
                    throw new TemplateException($"undefined variable {GoText.Quote(token.Value)}");
                return Fields(token, token.Value, null, tokens, ref at);
            case Lexer.Kind.Open:
                var inner = ParsePipeline(tokens, ref at);
                if (at >= tokens.Count || tokens[at++].Kind != Lexer.Kind.Close)
                    throw new TemplateException("unclosed left paren");
                return Fields(token, null, inner, tokens, ref at);
            default:
                throw new TemplateException($"unexpected {GoText.Quote(token.Source)} in operand");
        }
    }

    /// <summary>A chain of fields; a chain stands, in errors, where its first joined part does.</summary>
    private static FieldOperand Fields(Lexer.Token from, string? variable, Pipeline? inner, List<Lexer.Token> tokens, ref int at)
    {
        var fields = new List<string>();
        var column = from.Column;
        var bare = variable is null && inner is null;
        if (bare)
            fields.Add(from.Value);
        for (var joined = false; at < tokens.Count && tokens[at].Kind == Lexer.Kind.Field && !tokens[at].Spaced; at++)
        {
            if (!joined)
                column = tokens[at].Column;
            joined = true;
            fields.Add(tokens[at].Value);
        }

        return new FieldOperand(column, variable + string.Concat(fields.Select(field => "." + field)), variable, inner, fields);
    }

    private static object Number(string text)
    {
        try
        {
            return FlagValues.Int(text);
        }
        catch (FlagException)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new TemplateException($"bad number syntax: {GoText.Quote(text)}");
        }
    }
}
