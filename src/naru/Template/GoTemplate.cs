using System.Collections;
using System.Text;

namespace Naru.Cli.Template;

/// <summary>A Go text/template, applied to rows (<see cref="ITemplateFields"/>) or to JSON (<see cref="JsonValues"/>).</summary>
internal sealed class GoTemplate
{
    private readonly List<Node> nodes;

    private GoTemplate(List<Node> nodes) => this.nodes = nodes;

    /// <exception cref="TemplateException">The text does not parse.</exception>
    public static GoTemplate Parse(string text)
    {
        try
        {
            return new GoTemplate(Parser.Parse(text));
        }
        catch (TemplateException e)
        {
            throw new TemplateException($"template: :1: {e.Message}");
        }
    }

    /// <exception cref="TemplateException">A field or an argument does not fit.</exception>
    /// <param name="header">True when the data are column headers: the functions that shape values then leave them alone.</param>
    public string Execute(object? data, bool header = false)
    {
        var output = new StringBuilder();
        new Run(output, data, header).Walk(nodes, data);
        return output.ToString();
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    private sealed class Run(StringBuilder output, object? root, bool header)
    {
        private readonly List<(string Name, object? Value)> variables = [("$", root)];

        public Flow Walk(List<Node> nodes, object? dot)
        {
            foreach (var node in nodes)
            {
                var flow = Flow.Next;
                switch (node)
                {
                    case TextNode text:
                        output.Append(text.Text);
                        break;
                    case ActionNode action:
                        var value = Evaluate(action.Pipeline, dot);
                        if (action.Pipeline.Variables.Count == 0)
                            output.Append(GoPrint.Text(value));
                        break;
                    case IfNode branch:
                        flow = Scoped(() => Walk(GoPrint.Truth(Evaluate(branch.Condition, dot)) ? branch.Then : branch.Else, dot));
                        break;
                    case WithNode with:
                        flow = Scoped(() =>
                        {
                            var inner = Evaluate(with.Value, dot);
                            return GoPrint.Truth(inner) ? Walk(with.Body, inner) : Walk(with.Else, dot);
                        });
                        break;
                    case RangeNode range:
                        flow = Scoped(() => Range(range, dot));
                        break;
                    case BreakNode:
                        return Flow.Break;
                    case ContinueNode:
                        return Flow.Continue;
                }

                if (flow != Flow.Next)
                    return flow;
            }

            return Flow.Next;
        }

        private Flow Scoped(Func<Flow> body)
        {
            var depth = variables.Count;
            var flow = body();
            variables.RemoveRange(depth, variables.Count - depth);
            return flow;
        }

        private Flow Range(RangeNode range, object? dot)
        {
            var over = Evaluate(range.Over with { Variables = [] }, dot);
            var pairs = Pairs(over, range.Over.Commands[0][0].Source);
            if (pairs.Count == 0)
                return Walk(range.Else, dot);
            foreach (var (key, value) in pairs)
            {
                var depth = variables.Count;
                if (range.Over.Variables is [var only])
                    variables.Add((only, value));
                else if (range.Over.Variables is [var first, var second])
                    variables.AddRange([(first, key), (second, value)]);
                var flow = Walk(range.Body, value);
                variables.RemoveRange(depth, variables.Count - depth);
                if (flow == Flow.Break)
                    break;
            }

            return Flow.Next;
        }

        private static List<(object? Key, object? Value)> Pairs(object? over, string source) => over switch
        {
            null or ZeroValue => [],
            IReadOnlyDictionary<string, object?> map => [.. map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ((object?)pair.Key, pair.Value))],
            IReadOnlyList<object?> list => [.. list.Select((value, index) => ((object?)(long)index, value))],
            long count => [.. Enumerable.Range(0, (int)count).Select(index => ((object?)(long)index, (object?)(long)index))],
            _ => throw new TemplateException($"range can't iterate over {GoPrint.Text(over)} ({source})"),
        };

        private object? Evaluate(Pipeline pipeline, object? dot)
        {
            object? value = null;
            for (var index = 0; index < pipeline.Commands.Count; index++)
                value = Command(pipeline.Commands[index], dot, index > 0, value);
            foreach (var name in pipeline.Variables)
            {
                var known = pipeline.Assigns ? variables.FindLastIndex(pair => pair.Name == name) : -1;
                if (known >= 0)
                    variables[known] = (name, value);
                else
                    variables.Add((name, value));
            }

            return value;
        }

        private object? Command(List<Operand> words, object? dot, bool piped, object? last)
        {
            if (words[0] is not FunctionOperand function)
            {
                if (words.Count > 1 || piped)
                    throw new TemplateException($"template: :1:{words[0].Column}: executing \"\" at <{words[0].Source}>: can't give argument to non-function {words[0].Source}");
                return Operand(words[0], dot);
            }

            // and/or stop at the first word that decides, as Go's do.
            if (function.Source is "and" or "or")
            {
                object? value = null;
                for (var index = 1; index < words.Count + (piped ? 1 : 0); index++)
                {
                    value = index < words.Count ? Operand(words[index], dot) : last;
                    if (GoPrint.Truth(value) == (function.Source == "or"))
                        return value;
                }

                return value;
            }

            var arguments = words.Skip(1).Select(word => Operand(word, dot)).ToList();
            if (piped)
                arguments.Add(last);
            try
            {
                return header && Functions.Shapes(function.Source) && arguments.Count > 0 ? arguments[0] : Functions.Call(function.Source, arguments);
            }
            catch (TemplateException e) when (!e.Message.StartsWith("template:", StringComparison.Ordinal))
            {
                throw new TemplateException($"template: :1:{function.Column}: executing \"\" at <{string.Join(' ', words.Select(word => word.Source))}>: {e.Message}");
            }
        }

        private object? Operand(Operand operand, object? dot)
        {
            switch (operand)
            {
                case ConstantOperand constant:
                    return constant.Value;
                case FunctionOperand:
                    return Command([operand], dot, piped: false, null);
                case FieldOperand field:
                    var value = field.Inner is { } inner ? Evaluate(inner, dot) : field.Variable is { } name ? Variable(name) : dot;
                    foreach (var part in field.Fields)
                        value = Field(value, part, field);
                    return value;
                default:
                    throw new TemplateException("unknown operand");
            }
        }

        private object? Variable(string name)
        {
            var at = variables.FindLastIndex(pair => pair.Name == name);
            return at >= 0 ? variables[at].Value : throw new TemplateException($"template: :1: undefined variable {GoText.Quote(name)}");
        }

        private static object? Field(object? value, string name, FieldOperand at)
        {
            var place = $"template: :1:{at.Column}: executing \"\" at <{at.Source}>: ";
            switch (value)
            {
                case IReadOnlyDictionary<string, object?> map:
                    return map.TryGetValue(name, out var found) ? found : JsonValues.Missing(map, name, place);
                case ITemplateFields row:
                    return row.Field(name) ?? throw new TemplateException($"{place}can't evaluate field {name} in type {row.TypeName}");
                case null or ZeroValue:
                    throw new TemplateException($"{place}nil pointer evaluating interface {{}}.{name}");
                default:
                    throw new TemplateException($"{place}can't evaluate field {name} in type {(value is IEnumerable and not string ? "[]interface {}" : value is string ? "string" : "interface {}")}");
            }
        }
    }
}
