using System.Globalization;
using System.Text.Json;
using Naru.Cli.Commands.Images;
using Naru.Cli.Config;

namespace Naru.Cli.Commands.Registry;

/// <summary>`search`: the engine asks the registry's index.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var command = new Command("search [OPTIONS] TERM", "Search Docker Hub for images") { Arguments = ArgumentCount.Exactly(1) };
        var filters = command.Flags.List("filter", 'f', "Filter output based on conditions provided", Filters.Validate, "filter");
        var format = command.Flags.String("format", null, "Pretty-print search using a Go template");
        var limit = command.Flags.Int("limit", null, "Max number of search results");
        var full = command.Flags.Bool("no-trunc", null, "Don't truncate output");
        command.Run = (context, words) =>
        {
            var slash = words[0].IndexOf('/');
            var first = slash < 0 ? "" : words[0][..slash];
            var key = first.Contains('.') || first.Contains(':') || first == "localhost" ? first : FamiliarName.HubKey;
            var query = new Query("/images/search").Add("term", words[0]).Add("limit", limit > 0 ? limit.Value : null).Add("filters", Filters.Query(filters.Values));
            using var response = context.Engine.Send("GET", query, null, Credentials.Header(context.Config, key));
            using var document = JsonDocument.Parse(response.ReadBytes());
            Listing.Print(format, "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}", Columns(!full), document.RootElement.EnumerateArray().ToList());
            return 0;
        };
        return command;
    }

    private static Columns<JsonElement> Columns(bool truncate) => new("*registry.searchContext",
    [
        new("Name", "NAME", row => row.GetProperty("name").GetString()),
        new("Description", "DESCRIPTION", row => Description(row.GetProperty("description").GetString() ?? "", truncate)),
        new("StarCount", "STARS", row => row.GetProperty("star_count").GetInt64().ToString(CultureInfo.InvariantCulture)),
        new("IsOfficial", "OFFICIAL", row => row.GetProperty("is_official").GetBoolean() ? "[OK]" : ""),
        new("IsAutomated", "AUTOMATED", row => row.TryGetProperty("is_automated", out var automated) && automated.ValueKind == JsonValueKind.True ? "[OK]" : ""),
    ]);

    private static string Description(string text, bool truncate)
    {
        text = text.Replace('\n', ' ').Replace('\r', ' ');
        return truncate ? Ellipsis.Cut(text, 45) : text;
    }
}
