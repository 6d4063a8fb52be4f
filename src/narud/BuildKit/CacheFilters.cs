using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Cache;
using Naru.Engine;

namespace Naru.Daemon.BuildKit;

/// <summary>What a client of BuildKit's wants of the cache: <c>type==regular</c>, <c>id==…</c>, <c>inuse</c>; all of what it names must hold.</summary>
internal sealed class CacheFilters
{
    private static readonly string[] Fields = ["id", "parent", "type", "description", "inuse", "shared", "private"];
    private readonly List<KeyValuePair<string, string>> terms = [];

    /// <exception cref="NaruException">InvalidArgument: no such field, or a comparison other than <c>==</c>.</exception>
    public CacheFilters(IEnumerable<string> filters)
    {
        foreach (var filter in filters)
        {
            foreach (var term in filter.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = term.Split("==", 2);
                if (Array.IndexOf(Fields, parts[0]) < 0)
                    throw NaruException.Invalid($"filter \"{term}\" is not supported: FIELD==VALUE is expected, with {string.Join(", ", Fields)}");
                terms.Add(new(parts[0], parts.Length == 2 ? parts[1].Trim('"') : "true"));
            }
        }
    }

    public bool Match(CacheEntry entry)
    {
        foreach (var (field, value) in terms)
        {
            var holds = field switch
            {
                "id" => entry.Id == value,
                "parent" => entry.Parents.Contains(value),
                "type" => entry.Type == value,
                "description" => entry.Description == value,
                "inuse" => entry.InUse == IsTrue(value),
                "shared" => entry.Shared == IsTrue(value),
                _ => entry.Shared != IsTrue(value),
            };
            if (!holds)
                return false;
        }

        return true;
    }

    /// <summary>The same for the builder's prune.</summary>
    /// <param name="unused">Only what nobody used for so long.</param>
    public Filters ToFilters(TimeSpan unused)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in Fields)
            {
                var values = terms.FindAll(term => term.Key == field);
                if (values.Count == 0)
                    continue;
                writer.WriteStartArray(field);
                foreach (var term in values)
                    writer.WriteStringValue(term.Value);
                writer.WriteEndArray();
            }

            if (unused > TimeSpan.Zero)
            {
                writer.WriteStartArray("unused-for");
                writer.WriteStringValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(long)unused.TotalSeconds}s"));
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Filters.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan), [.. PruneRequest.KnownFilters]);
    }

    private static bool IsTrue(string value) => value is "true" or "1";
}
