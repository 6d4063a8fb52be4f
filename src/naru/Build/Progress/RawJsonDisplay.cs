using System.Text;
using Google.Protobuf.WellKnownTypes;
using Naru.Cli.Template;
using Naru.Rpc.BuildKit;
using Naru.Rpc.Llb;

namespace Naru.Cli.Build.Progress;

/// <summary>Every message of the builder as one line of JSON, for programs.</summary>
internal sealed class RawJsonDisplay(Action<string> write, BuildTrace trace) : IProgressDisplay
{
    private readonly StringBuilder json = new();

    public void Update(StatusResponse status)
    {
        trace.Update(status, 0);
        json.Clear();
        json.Append('{');
        List("vertexes", status.Vertexes, Add);
        List("statuses", status.Statuses, Add);
        List("logs", status.Logs, Add);
        List("warnings", status.Warnings, Add);
        write(json.Append("}\n").ToString());
    }

    public void Refresh()
    {
    }

    public void Finish(bool failed)
    {
    }

    private void Add(Vertex vertex)
    {
        Text("digest", vertex.Digest);
        List("inputs", vertex.Inputs, input => GoPrint.WriteJsonText(json, input), bare: true);
        Text("name", vertex.Name, omitEmpty: true);
        Time("started", vertex.Started);
        Time("completed", vertex.Completed);
        if (vertex.Cached)
            Raw("cached", "true");
        Text("error", vertex.Error, omitEmpty: true);
        if (vertex.ProgressGroup is not { } group)
            return;
        Open("progressGroup");
        Text("id", group.Id, omitEmpty: true);
        Text("name", group.Name, omitEmpty: true);
        if (group.Weak)
            Raw("weak", "true");
        json.Append('}');
    }

    private void Add(VertexStatus status)
    {
        Text("id", status.ID);
        Text("vertex", status.Vertex, omitEmpty: true);
        Text("name", status.Name, omitEmpty: true);
        if (status.Total != 0)
            Raw("total", status.Total.ToString());
        Raw("current", status.Current.ToString());
        Time("timestamp", status.Timestamp);
        Time("started", status.Started);
        Time("completed", status.Completed);
    }

    private void Add(VertexLog log)
    {
        Text("vertex", log.Vertex, omitEmpty: true);
        if (log.Stream != 0)
            Raw("stream", log.Stream.ToString());
        Text("data", log.Msg.ToBase64());
        Time("timestamp", log.Timestamp);
    }

    private void Add(VertexWarning warning)
    {
        Text("vertex", warning.Vertex, omitEmpty: true);
        if (warning.Level != 0)
            Raw("level", warning.Level.ToString());
        Text("short", warning.Short.ToBase64(), omitEmpty: true);
        List("detail", warning.Detail, detail => GoPrint.WriteJsonText(json, detail.ToBase64()), bare: true);
        Text("url", warning.Url, omitEmpty: true);
        if (warning.Info is { } info)
        {
            Open("sourceInfo");
            Text("filename", info.Filename, omitEmpty: true);
            Text("data", info.Data.ToBase64(), omitEmpty: true);
            Text("language", info.Language, omitEmpty: true);
            json.Append('}');
        }

        List("range", warning.Ranges, Add);
    }

    private void Add(Naru.Rpc.Llb.Range range)
    {
        Place("start", range.Start);
        Place("end", range.End);
    }

    private void Place(string name, Position? position)
    {
        if (position is null)
            return;
        Open(name);
        if (position.Line != 0)
            Raw("line", position.Line.ToString());
        if (position.Character != 0)
            Raw("character", position.Character.ToString());
        json.Append('}');
    }

    /// <param name="bare">The items are no objects.</param>
    private void List<T>(string name, IReadOnlyList<T> items, Action<T> add, bool bare = false)
        where T : class
    {
        if (items.Count == 0)
            return;
        Name(name);
        json.Append('[');
        for (var at = 0; at < items.Count; at++)
        {
            json.Append(at > 0 ? "," : "").Append(bare ? "" : "{");
            add(items[at]);
            json.Append(bare ? "" : "}");
        }

        json.Append(']');
    }

    private void Open(string name)
    {
        Name(name);
        json.Append('{');
    }

    private void Name(string name) => json.Append(json[^1] == '{' ? "\"" : ",\"").Append(name).Append("\":");

    private void Raw(string name, string value)
    {
        Name(name);
        json.Append(value);
    }

    private void Text(string name, string value, bool omitEmpty = false)
    {
        if (omitEmpty && value.Length == 0)
            return;
        Name(name);
        GoPrint.WriteJsonText(json, value);
    }

    private void Time(string name, Timestamp? time)
    {
        if (time is null)
            return;
        var digits = time.Nanos.ToString("000000000").TrimEnd('0');
        Raw(name, $"\"{DateTimeOffset.FromUnixTimeSeconds(time.Seconds):yyyy-MM-dd'T'HH:mm:ss}{(digits.Length > 0 ? "." : "")}{digits}Z\"");
    }
}
