using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Build.Progress;
using Naru.Rpc.BuildKit;
using Naru.Rpc.Llb;
using Range = Naru.Rpc.Llb.Range;

namespace Naru.Daemon.BuildKit;

/// <summary>A build's events in BuildKit's words.</summary>
internal static class StatusMessages
{
    public static StatusResponse From(IReadOnlyList<BuildEvent> events)
    {
        var message = new StatusResponse();
        foreach (var one in events)
        {
            switch (one)
            {
                case StepChanged step:
                    message.Vertexes.Add(Vertex(step));
                    break;
                case TaskChanged task:
                    message.Statuses.Add(Status(task));
                    break;
                case StepOutput output:
                    message.Logs.Add(new VertexLog { Vertex = output.Step.ToString(), Timestamp = Time(output.At), Stream = output.Stream, Msg = UnsafeByteOperations.UnsafeWrap(output.Data) });
                    break;
                case BuildWarning warning:
                    message.Warnings.Add(Warning(warning));
                    break;
            }
        }

        return message;
    }

    public static SourceInfo Source(string file, byte[] content) => new() { Filename = file, Data = UnsafeByteOperations.UnsafeWrap(content), Language = "Dockerfile" };

    public static Range Lines(int start, int end) => new() { Start = new Position { Line = start }, End = new Position { Line = end } };

    private static Vertex Vertex(StepChanged step)
    {
        var vertex = new Vertex
        {
            Digest = step.Step.ToString(),
            Name = step.Name,
            Cached = step.Cached,
            Error = step.Error,
            Started = Time(step.Started),
            Completed = Time(step.Completed),
        };
        foreach (var input in step.Inputs)
            vertex.Inputs.Add(input.ToString());
        return vertex;
    }

    private static VertexStatus Status(TaskChanged task) => new()
    {
        ID = task.Id,
        Vertex = task.Step.ToString(),
        Current = task.Current,
        Total = task.Total,
        Timestamp = Time(task.Completed ?? DateTimeOffset.UtcNow),
        Started = Time(task.Started),
        Completed = Time(task.Completed),
    };

    private static VertexWarning Warning(BuildWarning warning)
    {
        var message = new VertexWarning
        {
            Vertex = warning.Step.ToString(),
            Level = warning.Level,
            Short = ByteString.CopyFromUtf8(warning.Short),
            Url = warning.Url,
        };
        foreach (var line in warning.Detail)
            message.Detail.Add(ByteString.CopyFromUtf8(line));
        if (warning.Lines is { } lines)
        {
            message.Info = Source(lines.File, warning.Source);
            message.Ranges.Add(Lines(lines.Start, lines.End));
        }

        return message;
    }

    private static Timestamp? Time(DateTimeOffset? time) => time is { } known ? Timestamp.FromDateTimeOffset(known) : null;
}
