using System.Text.Json;
using Naru.Base.Units;
using Naru.Cli.Template;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.System;

/// <summary>`events`.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var command = new Command("events [OPTIONS]", "Get real time events from the server") { Aliases = ["system events", "events"], Arguments = ArgumentCount.None };
        var filters = command.Flags.List("filter", 'f', "Filter output based on conditions provided", Filters.Validate, "filter");
        var format = command.Flags.String("format", null, Listing.InspectFormatUsage);
        var since = command.Flags.String("since", null, "Show all events created since timestamp");
        var until = command.Flags.String("until", null, "Stream events until this timestamp");
        command.Run = (context, _) =>
        {
            GoTemplate? template;
            try
            {
                template = format.Value.Length == 0 ? null : GoTemplate.Parse(format == "json" ? "{{json .}}" : format.Value);
            }
            catch (TemplateException e)
            {
                throw new ExitException(64, $"Error parsing format: {e.Message}");
            }

            using var response = context.Engine.Send("GET", new Query("/events").Add("since", TimeText.Query(since)).Add("until", TimeText.Query(until)).Add("filters", Filters.Query(filters.Values)));
            using var reader = new StreamReader(response.Body);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length == 0)
                    continue;
                context.Line(template is null ? Text(JsonSerializer.Deserialize(line, ApiJson.Default.EventMessage)!) : Format(template, line));
                Streams.Flush();
            }

            return 0;
        };
        return command;
    }

    private static string Format(GoTemplate template, string line)
    {
        using var document = JsonDocument.Parse(line);
        try
        {
            return template.Execute(JsonValues.From(document.RootElement));
        }
        catch (TemplateException e)
        {
            throw new ExitException(1, $"Error parsing format: {e.Message}");
        }
    }

    private static string Text(EventMessage message)
    {
        var at = DateTimeOffset.UnixEpoch.AddTicks(message.TimeNano / 100).ToLocalTime();
        var zone = at.Offset == TimeSpan.Zero ? "Z" : at.ToString("zzz", global::System.Globalization.CultureInfo.InvariantCulture);
        var time = at.ToString("yyyy-MM-ddTHH:mm:ss", global::System.Globalization.CultureInfo.InvariantCulture) + $".{message.TimeNano % GoDuration.Second:000000000}{zone}";
        var text = $"{time} {message.Type} {message.Action} {message.Actor.ID}";
        return message.Actor.Attributes.Count == 0 ? text : $"{text} ({string.Join(", ", message.Actor.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))})";
    }
}
