using System.Text;
using System.Text.Json;

namespace Naru.Build.Planning;

/// <summary>What <c>--call=outline</c> answers: the parameters that a target takes, with those of the stages it uses.</summary>
public sealed class OutlineResult
{
    private readonly List<OutlineArgument> arguments = [];
    private readonly List<OutlineItem> secrets = [];
    private readonly List<OutlineItem> ssh = [];
    private readonly string name;
    private readonly string description;
    private readonly ReadOnlyMemory<byte> source;

    private OutlineResult(StagePlan target, ReadOnlyMemory<byte> source)
    {
        name = target.Name;
        description = target.Description;
        this.source = source;
    }

    internal static OutlineResult Of(StagePlan target, ReadOnlyMemory<byte> source)
    {
        var result = new OutlineResult(target, source);
        foreach (var stage in StageTable.Reachable(target))
            result.Add(stage.Outline);
        result.arguments.Sort((one, other) => one.Lines.Start.CompareTo(other.Lines.Start));
        return result;
    }

    /// <summary>BuildKit's <c>result.json</c> of <c>frontend.outline</c>.</summary>
    public byte[] ToJson() => CallJson.Write(writer =>
    {
        CallJson.WriteUnlessEmpty(writer, "name", name);
        CallJson.WriteUnlessEmpty(writer, "description", description);
        if (arguments.Count > 0)
        {
            writer.WriteStartArray("args");
            foreach (var argument in arguments)
            {
                writer.WriteStartObject();
                writer.WriteString("name", argument.Name);
                CallJson.WriteUnlessEmpty(writer, "description", argument.Description);
                CallJson.WriteUnlessEmpty(writer, "value", argument.Value);
                CallJson.WriteLocation(writer, [argument.Lines]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        WriteItems(writer, "secrets", secrets);
        WriteItems(writer, "ssh", ssh);
        writer.WriteStartArray("sources");
        writer.WriteBase64StringValue(source.Span);
        writer.WriteEndArray();
    });

    /// <summary>BuildKit's <c>result.txt</c>.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        if (name.Length > 0)
        {
            var head = new List<string[]> { new[] { "TARGET:", name } };
            if (description.Length > 0)
                head.Add(["DESCRIPTION:", description]);
            CallText.Append(text, head, 1);
            text.Append('\n');
        }

        if (arguments.Count > 0)
        {
            var rows = new List<string[]> { new[] { "BUILD ARG", "VALUE", "DESCRIPTION" } };
            foreach (var argument in arguments)
                rows.Add([argument.Name, argument.Value, argument.Description]);
            CallText.Append(text, rows, 3);
            text.Append('\n');
        }

        AppendItems(text, "SECRET", secrets);
        AppendItems(text, "SSH", ssh);
        return text.ToString();
    }

    private void Add(StageOutline outline)
    {
        outline.Use([.. outline.Used]);
        foreach (var used in outline.Used)
        {
            if (outline.Known.TryGetValue(used, out var argument) && !arguments.Exists(one => one.Name == used))
                arguments.Add(argument);
        }

        AddItems(secrets, outline.Secrets);
        AddItems(ssh, outline.Ssh);
    }

    private static void AddItems(List<OutlineItem> items, Dictionary<string, OutlineItem> more)
    {
        foreach (var item in more.Values)
        {
            if (!items.Exists(one => one.Name == item.Name))
                items.Add(item);
        }
    }

    private static void WriteItems(Utf8JsonWriter writer, string list, List<OutlineItem> items)
    {
        if (items.Count == 0)
            return;
        writer.WriteStartArray(list);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteString("name", item.Name);
            if (item.Required)
                writer.WriteBoolean("required", true);
            CallJson.WriteLocation(writer, [item.Lines]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void AppendItems(StringBuilder text, string title, List<OutlineItem> items)
    {
        if (items.Count == 0)
            return;
        var rows = new List<string[]> { new[] { title, "REQUIRED" } };
        foreach (var item in items)
            rows.Add([item.Name, item.Required ? "true" : ""]);
        CallText.Append(text, rows, 3);
        text.Append('\n');
    }
}
