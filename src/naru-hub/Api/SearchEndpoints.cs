using System.Globalization;
using System.Text.Json;
using Naru.Base;
using Naru.Hub.Catalogue;
using Naru.HubServer.Http;

namespace Naru.HubServer.Api;

/// <summary>Docker's search, <c>GET /v1/search?q=WORDS&amp;n=COUNT&amp;page=PAGE</c>: what <c>docker search HOST/WORD</c> asks.</summary>
internal sealed class SearchEndpoints(RepositorySearch search)
{
    private const int Usual = 25;
    private const int Most = 100;

    public void Map(RouteTable<Func<HubCall, Task>> routes) => routes.Map("GET", "/v1/search", Search);

    private async Task Search(HubCall call)
    {
        var query = call.Query("q") ?? "";
        var count = Math.Clamp(Number(call, "n", Usual), 1, Most);
        var page = Math.Clamp(Number(call, "page", 1), 1, 1000);
        var found = await search.Find(call.Caller, query, (page - 1) * count, count, call.Cancel);
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            // The number of all is not known: it is more than a page where there is another.
            var before = (page - 1) * count;
            writer.WriteStartObject();
            writer.WriteNumber("num_pages", found.More ? page + 1 : page);
            writer.WriteNumber("num_results", before + found.Entries.Count + (found.More ? 1 : 0));
            writer.WriteNumber("page", page);
            writer.WriteNumber("page_size", count);
            writer.WriteString("query", query);
            writer.WriteStartArray("results");
            foreach (var entry in found.Entries)
            {
                writer.WriteStartObject();
                writer.WriteString("name", entry.Name);
                writer.WriteString("description", entry.Description);
                writer.WriteNumber("star_count", 0);
                writer.WriteBoolean("is_official", entry.Name.StartsWith("library/", StringComparison.Ordinal));
                writer.WriteBoolean("is_automated", false);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        await call.Bytes(memory.ToArray(), "application/json");
    }

    private static int Number(HubCall call, string name, int otherwise) =>
        int.TryParse(call.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
