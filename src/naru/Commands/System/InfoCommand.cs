using System.Text.Json;
using Naru.Cli.Config;
using Naru.Cli.Template;

namespace Naru.Cli.Commands.System;

/// <summary>`info`.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var command = new Command("info [OPTIONS]", "Display system-wide information") { Aliases = ["system info", "info"], Arguments = ArgumentCount.None };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        command.Run = (context, _) =>
        {
            JsonDocument? info = null;
            string? failure = null;
            try
            {
                using var response = context.Engine.Send("GET", "/info");
                info = JsonDocument.Parse(response.ReadBytes());
            }
            catch (EngineException e)
            {
                failure = e.Message;
            }

            if (format.Value.Length > 0)
            {
                var data = info is null ? new Dictionary<string, object?>() : (Dictionary<string, object?>)JsonValues.From(info.RootElement)!;
                if (failure is not null)
                    data["ServerErrors"] = new List<object?> { failure };
                data["ClientInfo"] = new Dictionary<string, object?> { ["Debug"] = context.Globals.Debug.Value, ["Version"] = ClientVersion.Version, ["Context"] = Endpoint.ContextName(context.Globals, context.Config), ["Plugins"] = new List<object?>(), ["Warnings"] = null };
                Formatted.Print(format == "json" ? "{{json .}}" : format, data, "", "system.dockerInfo");
                return failure is null ? 0 : throw new ExitException(1, failure);
            }

            context.Line($"Client:\n Version:    {ClientVersion.Version}\n Context:    {Endpoint.ContextName(context.Globals, context.Config)}\n Debug Mode: {(context.Globals.Debug ? "true" : "false")}\n\nServer:");
            if (info is null)
                throw new ExitException(1, failure!);
            context.Line(InfoText.Format(info.RootElement).TrimEnd('\n') + "\n");
            if (info.RootElement.TryGetProperty("Warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array)
            {
                foreach (var warning in warnings.EnumerateArray())
                    context.ErrorLine(warning.GetString()!);
            }

            return 0;
        };
        return command;
    }
}
