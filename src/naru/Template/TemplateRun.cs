using System.Text;

namespace Naru.Cli.Template;

/// <summary>One execution of a template: its variables and its output.</summary>
internal sealed class TemplateRun(StringBuilder output, object? root, bool header, IReadOnlyDictionary<string, List<Node>> defined)
{
    private const int MaximumDepth = 1000;
    private readonly List<(string Name, object? Value)> variables = [("$", root)];
    private int depth;

    /// <summary>What a block did to the loop around it.</summary>
    public enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public Flow Walk(List<Node> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            var flow = Step(node, dot);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    private Flow Step(Node node, object? dot)
    {
        switch (node)
        {
            case TextNode text:
                output.Append(text.Text);
                return Flow.Next;
            case ActionNode action:
                var value = Evaluate(action.Pipeline, dot);
                if (action.Pipeline.Variables.Count == 0)
                    output.Append(GoPrint.Text(value));
                return Flow.Next;
            case IfNode branch:
                return Scoped(() => Walk(GoPrint.Truth(Evaluate(branch.Condition, dot)) ? branch.Then : branch.Else, dot));
            case WithNode with:
                return Scoped(() =>
                {
                    var inner = Evaluate(with.Value, dot);
                    return GoPrint.Truth(inner) ? Walk(with.Body, inner) : Walk(with.Else, dot);
                });
            case RangeNode range:
                return Scoped(() => Range(range, dot));
            case TemplateNode call:
                Invoke(call, dot);
                return Flow.Next;
            case BreakNode:
                return Flow.Break;
            case ContinueNode:
                return Flow.Continue;
            default:
                return Flow.Next;
        }
    }

    private void Invoke(TemplateNode call, object? dot)
    {
        if (!defined.TryGetValue(call.Name, out var body))
            throw new TemplateException($"template: :1:{call.Column}: executing \"\" at <{{{{template {GoText.Quote(call.Name)}}}}}>: template {GoText.Quote(call.Name)} not defined");
        if (++depth > MaximumDepth)
            throw new TemplateException($"template: :1:{call.Column}: executing \"\" at <{{{{template {GoText.Quote(call.Name)}}}}}>: exceeded maximum template depth ({MaximumDepth})");
        var value = call.Value is null ? null : Evaluate(call.Value, dot);
        new TemplateRun(output, value, header, defined) { depth = depth }.Walk(body, value);
        depth--;
    }

    private Flow Scoped(Func<Flow> body)
    {
        var held = variables.Count;
        var flow = body();
        variables.RemoveRange(held, variables.Count - held);
        return flow;
    }

    private Flow Range(RangeNode range, object? dot)
    {
        var over = Evaluate(range.Over with { Variables = [] }, dot);
        var pairs = Pairs(over, range.Over.Commands[0][0]);
        if (pairs.Count == 0)
            return Walk(range.Else, dot);
        foreach (var (key, value) in pairs)
        {
            var held = variables.Count;
            if (range.Over.Variables is [var only])
                variables.Add((only, value));
            else if (range.Over.Variables is [var first, var second])
                variables.AddRange([(first, key), (second, value)]);
            var flow = Walk(range.Body, value);
            variables.RemoveRange(held, variables.Count - held);
            if (flow == Flow.Break)
                break;
        }

        return Flow.Next;
    }

    private static List<(object? Key, object? Value)> Pairs(object? over, Operand at) => over switch
    {
        null or ZeroValue => [],
        IReadOnlyDictionary<string, object?> map => [.. map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ((object?)pair.Key, pair.Value))],
        IReadOnlyList<object?> list => [.. list.Select((value, index) => ((object?)(long)index, value))],
        long count => [.. Enumerable.Range(0, (int)count).Select(index => ((object?)(long)index, (object?)(long)index))],
        _ => throw new TemplateException($"template: :1:{at.Column}: executing \"\" at <{at.Source}>: range can't iterate over {GoPrint.Text(over)}"),
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
        if (words[0] is FieldOperand field && (words.Count > 1 || piped))
            return Method(field, words, dot, piped, last);
        if (words[0] is not FunctionOperand function)
        {
            if (words.Count > 1 || piped)
                throw new TemplateException($"template: :1:{words[0].Column}: executing \"\" at <{words[0].Source}>: can't give argument to non-function {words[0].Source}");
            return Value(words[0], dot);
        }

        // and/or stop at the first word that decides, as Go's do.
        if (function.Source is "and" or "or")
        {
            object? value = null;
            for (var index = 1; index < words.Count + (piped ? 1 : 0); index++)
            {
                value = index < words.Count ? Value(words[index], dot) : last;
                if (GoPrint.Truth(value) == (function.Source == "or"))
                    return value;
            }

            return value;
        }

        var arguments = words.Skip(1).Select(word => Value(word, dot)).ToList();
        if (piped)
            arguments.Add(last);
        try
        {
            return header && Functions.Shapes(function.Source) && arguments.Count > 0 ? arguments[0] : Functions.Call(function.Source, arguments);
        }
        catch (TemplateException e) when (!e.Message.StartsWith("template:", StringComparison.Ordinal))
        {
            var wrongCount = e.Message.StartsWith("wrong number", StringComparison.Ordinal);
            var shown = wrongCount ? function.Source : string.Join(' ', words.Select(word => word.Source));
            throw new TemplateException($"template: :1:{function.Column}: executing \"\" at <{shown}>: {e.Message}");
        }
    }

    private object? Method(FieldOperand field, List<Operand> words, object? dot, bool piped, object? last)
    {
        var name = field.Fields.Count > 0 ? field.Fields[^1] : "";
        var of = name.Length > 0 ? Resolve(field with { Fields = field.Fields[..^1] }, dot) : null;
        var arguments = words.Skip(1).Select(word => Value(word, dot)).ToList();
        if (piped)
            arguments.Add(last);
        if (of is ITemplateFields row && row.IsMethod(name))
            return row.Call(name, arguments);
        var place = $"template: :1:{field.Column}: executing \"\" at <{field.Source}>: ";
        if (of is ITemplateFields known && !known.TryField(name, out _))
            throw new TemplateException($"{place}can't evaluate field {name} in type {known.TypeName}");
        throw new TemplateException(of is ITemplateFields
            ? $"{place}wrong number of args for {name}: want 0 got {arguments.Count}"
            : name.Length == 0 ? $"{place}can't give argument to non-function {field.Source}" : $"{place}{name} is not a method but has arguments");
    }

    private object? Value(Operand operand, object? dot) => operand switch
    {
        ConstantOperand constant => constant.Value,
        FunctionOperand => Command([operand], dot, piped: false, null),
        FieldOperand field => Resolve(field, dot),
        _ => throw new TemplateException("unknown operand"),
    };

    private object? Resolve(FieldOperand field, object? dot)
    {
        var value = field.Inner is { } inner ? Evaluate(inner, dot) : field.Variable is { } name ? Variable(name) : dot;
        foreach (var part in field.Fields)
            value = Field(value, part, field);
        return value;
    }

    private object? Variable(string name) => variables[variables.FindLastIndex(pair => pair.Name == name)].Value;

    private static object? Field(object? value, string name, FieldOperand at)
    {
        var place = $"template: :1:{at.Column}: executing \"\" at <{at.Source}>: ";
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> map:
                return map.TryGetValue(name, out var found) ? found : JsonValues.Missing(map, name, place);
            case ITemplateFields row:
                if (row.IsMethod(name))
                    throw new TemplateException($"{place}wrong number of args for {name}: want 1 got 0");
                return row.TryField(name, out var field) ? field : throw new TemplateException($"{place}can't evaluate field {name} in type {row.TypeName}");
            case null or ZeroValue:
                throw new TemplateException($"{place}nil pointer evaluating interface {{}}.{name}");
            default:
                throw new TemplateException($"{place}can't evaluate field {name} in type {GoPrint.TypeName(value)}");
        }
    }
}
