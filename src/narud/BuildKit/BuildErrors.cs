using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Solver;
using Status = Naru.Rpc.Ttrpc.Status;

namespace Naru.Daemon.BuildKit;

/// <summary>Failures of builds on their way to a client: gRPC's status with the lines of the Dockerfile that are to blame, which the client shows.</summary>
/// <remarks>Details are JSON, named as BuildKit's clients register them: github.com/moby/buildkit/errdefs.NAME+json.</remarks>
internal static class BuildErrors
{
    private const string Types = "github.com/moby/buildkit/errdefs.";

    /// <summary>An error travels in headers, and clients take only so much there.</summary>
    private const int LongestMessage = 16 * 1024;

    /// <summary>The failure that a client reports of its own frontend.</summary>
    public static NaruException FromStatus(Status status) => new(ErrorTables.FromGrpc(status.Code), status.Message, new Reported(status, null));

    /// <summary>The failure of a build with what is known of its place.</summary>
    /// <remarks>Of no kind, as BuildKit's are: clients put a kind's name before the text.</remarks>
    /// <param name="dockerfile">Null: it was not read yet.</param>
    public static NaruException WithLines(NaruException failure, SourceFile? dockerfile)
    {
        if (failure.InnerException is Reported)
            return failure;
        var message = failure.Message.Length <= LongestMessage ? failure.Message : failure.Message[..LongestMessage] + "…";
        var status = new Status { Message = message };
        if (failure is DockerfileException wrong)
        {
            // The last detail is what a client takes for the outermost, and shows first.
            for (var number = wrong.Ranges.Count - 1; number >= 0; number--)
                status.Details.Add(Source(wrong.File, wrong.Ranges[number]));
        }
        else if (failure is StepFailedException { Step: var step })
        {
            if (dockerfile is not null && step.Lines is { } lines)
                status.Details.Add(Source(dockerfile, new LineRange(lines.Start, lines.End)));
            status.Details.Add(Detail("Vertex", writer => writer.WriteString("digest", step.Digest.ToString())));
        }

        return new NaruException(failure.Kind == ErrorKind.Canceled ? failure.Kind : ErrorKind.Internal, message, new Reported(status, failure));
    }

    /// <summary>google.rpc.Status, serialized; null: the text is all.</summary>
    public static byte[]? Details(NaruException failure)
    {
        if (failure.InnerException is not Reported { Status: var status })
            return null;
        // Its code must be the one that the call ends with.
        var same = status.Clone();
        same.Code = failure.Kind == ErrorKind.Internal ? 2 : ErrorTables.ToGrpc(failure.Kind);
        return same.ToByteArray();
    }

    private static Any Source(SourceFile file, LineRange range) => Detail("Source", writer =>
    {
        writer.WriteStartObject("info");
        writer.WriteString("filename", file.Name);
        writer.WriteBase64String("data", SourceExcerpt.Of(file.Content.Span, range));
        writer.WriteString("language", "Dockerfile");
        writer.WriteEndObject();
        writer.WriteStartArray("ranges");
        writer.WriteStartObject();
        foreach (var (name, line) in (ReadOnlySpan<(string, int)>)[("start", range.Start), ("end", range.End)])
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("line", line);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    private static Any Detail(string name, Action<Utf8JsonWriter> content)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return new Any { TypeUrl = $"{Types}{name}+json", Value = ByteString.CopyFrom(buffer.WrittenSpan) };
    }

    private sealed class Reported(Status status, Exception? inner) : Exception(status.Message, inner)
    {
        public Status Status { get; } = status;
    }
}
