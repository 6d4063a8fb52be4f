using System.Text.Json;
using Google.Protobuf;
using Naru.Rpc.Llb;
using Naru.Rpc.Ttrpc;
using Source = Naru.Rpc.BuildErrors.Source;

namespace Naru.Cli.Build.Progress;

/// <summary>The places in files that come with an error of the builder, among other details.</summary>
internal static class ErrorSources
{
    /// <summary>BuildKit sends its details as JSON, and says so at the end of their type.</summary>
    private const string SourceType = "errdefs.Source+json";

    /// <param name="details">A marshaled google.rpc.Status; what cannot be read is no detail.</param>
    /// <returns>The outermost first: BuildKit puts it last.</returns>
    public static List<Source> Read(byte[] details)
    {
        var sources = new List<Source>();
        try
        {
            foreach (var detail in Status.Parser.ParseFrom(details).Details)
            {
                if (!detail.TypeUrl.EndsWith(SourceType, StringComparison.Ordinal))
                    continue;
                using var json = JsonDocument.Parse(detail.Value.Memory);
                sources.Insert(0, Read(json.RootElement));
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or JsonException or InvalidOperationException or FormatException)
        {
            // The message alone then.
        }

        return sources;
    }

    private static Source Read(JsonElement json)
    {
        var source = new Source { Info = new SourceInfo() };
        if (json.TryGetProperty("info", out var info))
        {
            source.Info.Filename = info.TryGetProperty("filename", out var name) ? name.GetString() : "";
            source.Info.Data = info.TryGetProperty("data", out var data) ? ByteString.CopyFrom(data.GetBytesFromBase64()) : ByteString.Empty;
        }

        if (json.TryGetProperty("ranges", out var ranges))
        {
            foreach (var range in ranges.EnumerateArray())
                source.Ranges.Add(new Rpc.Llb.Range { Start = Place(range, "start"), End = Place(range, "end") });
        }

        return source;
    }

    private static Position Place(JsonElement range, string name) =>
        new() { Line = range.TryGetProperty(name, out var place) && place.TryGetProperty("line", out var line) ? line.GetInt32() : 0 };
}
