using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Naru.Conformance.Tests.Http;

/// <summary>One answer as it came over the wire, with what a failing test has to show of it.</summary>
public sealed class Answer
{
    private readonly string _asked;
    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <param name="asked">The request line, for messages.</param>
    /// <param name="bytes">All that came, up to the end of the connection; interim (1xx) answers are passed over.</param>
    /// <param name="bodiless">The request was a HEAD: Content-Length tells of no bytes here.</param>
    /// <exception cref="IOException">It is no whole answer.</exception>
    public Answer(string asked, ReadOnlySpan<byte> bytes, bool bodiless)
    {
        _asked = asked;
        string[] lines;
        do
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                throw new IOException($"{asked}: no answer, but {bytes.Length} bytes: {Encoding.Latin1.GetString(bytes[..Math.Min(200, bytes.Length)])}");
            lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
            Status = int.Parse(lines[0].Split(' ')[1]);
            bytes = bytes[(end + 4)..];
        }
        while (Status < 200);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            _headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }
        if (bodiless)
            Body = bytes.ToArray();
        else if (this["Transfer-Encoding"] is "chunked")
            Body = Unchunk(asked, bytes);
        else
            Body = Whole(asked, bytes);
    }

    public int Status { get; }

    /// <summary>The bytes after the head: none for a HEAD, unless the server is wrong.</summary>
    public byte[] Body { get; }

    /// <summary>A header's value; null: it did not come.</summary>
    public string? this[string header]
    {
        get
        {
            foreach (var (name, value) in _headers)
            {
                if (name.Equals(header, StringComparison.OrdinalIgnoreCase))
                    return value;
            }
            return null;
        }
    }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <exception cref="Xunit.Sdk.XunitException">The body is no JSON.</exception>
    public JsonNode Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body) ?? throw new JsonException("null");
            }
            catch (JsonException why)
            {
                Assert.Fail($"no JSON ({why.Message}): {this}");
                throw;
            }
        }
    }

    /// <summary>The codes of an answer in the spec's error form; none for a body in another form.</summary>
    public List<string> Codes
    {
        get
        {
            var codes = new List<string>();
            if (Body.Length > 0 && Body[0] == '{' && Json["errors"] is JsonArray errors)
            {
                foreach (var error in errors)
                    codes.Add((string?)error?["code"] ?? "");
            }
            return codes;
        }
    }

    /// <summary>Itself, when its status is one of those; else the test fails.</summary>
    public Answer Is(params ReadOnlySpan<int> statuses)
    {
        Assert.True(statuses.Contains(Status), $"wanted {string.Join(" or ", statuses.ToArray())}: {this}");
        return this;
    }

    /// <summary>A header that must be there.</summary>
    public string Must(string header)
    {
        Assert.True(this[header] is not null, $"no {header}: {this}");
        return this[header]!;
    }

    public override string ToString() =>
        $"{_asked} -> {Status} {string.Join("; ", _headers.ConvertAll(header => $"{header.Key}: {header.Value}"))}\n{Text[..Math.Min(Text.Length, 600)]}";

    private byte[] Whole(string asked, ReadOnlySpan<byte> bytes)
    {
        if (this["Content-Length"] is { } told && Status is not 204 and not 304 && long.Parse(told) != bytes.Length)
            throw new IOException($"{asked}: {Status}, Content-Length {told}, but {bytes.Length} bytes came");
        return bytes.ToArray();
    }

    private static byte[] Unchunk(string asked, ReadOnlySpan<byte> bytes)
    {
        var body = new List<byte>();
        while (true)
        {
            var line = bytes.IndexOf("\r\n"u8);
            if (line < 0)
                throw new IOException($"{asked}: the chunked answer ends early");
            var size = Convert.ToInt32(Encoding.Latin1.GetString(bytes[..line]).Split(';')[0], 16);
            if (size == 0)
                return [.. body];
            body.AddRange(bytes.Slice(line + 2, size));
            bytes = bytes[(line + 2 + size + 2)..];
        }
    }
}
