using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Naru.Base.Units;
using Naru.Cli.Config;
using Naru.Cli.Template;

namespace Naru.Cli.Commands.System;

/// <summary>`version`.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version [OPTIONS]", "Show the Docker version information") { Arguments = ArgumentCount.None };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        command.Run = (context, _) => Show(context, format.Value);
        return command;
    }

    private static int Show(CliContext context, string format)
    {
        byte[]? json = null;
        string? failure = null;
        try
        {
            using var response = context.Engine.Send("GET", "/version");
            json = response.ReadBytes();
        }
        catch (EngineException e)
        {
            failure = e.Message;
        }

        if (format.Length > 0)
        {
            var data = new Dictionary<string, object?> { ["Client"] = Client(context), ["Server"] = json is null ? null : Server(json) };
            Formatted.Print(format == "json" ? "{{json .}}" : format, data, "version", "system.versionInfo");
        }
        else
        {
            Text(context, json is null ? null : JsonSerializer.Deserialize(json, ApiJson.Default.VersionResponse));
        }

        return failure is null ? 0 : throw new ExitException(1, failure);
    }

    private static Dictionary<string, object?> Client(CliContext context) => new()
    {
        ["Version"] = ClientVersion.Version,
        ["ApiVersion"] = context.Engine.Version,
        ["DefaultAPIVersion"] = EngineClient.NewestVersion,
        ["GitCommit"] = BuildInfo.Commit,
        ["GoVersion"] = ClientVersion.Runtime,
        ["Os"] = "linux",
        ["Arch"] = Architecture,
        ["BuildTime"] = Built(BuildInfo.Time),
        ["Context"] = Endpoint.ContextName(context.Globals, context.Config),
    };

    private static string Architecture => RuntimeInformation.ProcessArchitecture == global::System.Runtime.InteropServices.Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static object? Server(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var server = (Dictionary<string, object?>)JsonValues.From(document.RootElement)!;
        foreach (var component in server.GetValueOrDefault("Components") as IReadOnlyList<object?> ?? [])
        {
            if (component is Dictionary<string, object?> part && part.GetValueOrDefault("Details") is Dictionary<string, object?> details)
                Reformat(details);
        }

        return server;

        static void Reformat(Dictionary<string, object?> of)
        {
            if (of.GetValueOrDefault("BuildTime") is string time)
                of["BuildTime"] = Built(time);
        }
    }

    /// <summary>A build's time as C's asctime has it; what is no time stays as it is.</summary>
    private static string Built(string time) =>
        GoTime.TryParse(time, out var at) ? at.ToString($"ddd MMM {(at.Day < 10 ? "' '" : "")}d HH:mm:ss yyyy", CultureInfo.InvariantCulture) : time;

    private static void Text(CliContext context, VersionResponse? server)
    {
        var text = new StringBuilder($"""
            Client:
             Version:{"\t"}{ClientVersion.Version}
             API version:{"\t"}{context.Engine.Version}{(context.Engine.Version == EngineClient.NewestVersion ? "" : $" (downgraded from {EngineClient.NewestVersion})")}
             Go version:{"\t"}{ClientVersion.Runtime}
             Git commit:{"\t"}{BuildInfo.Commit}
             Built:{"\t"}{Built(BuildInfo.Time)}
             OS/Arch:{"\t"}linux/{Architecture}
             Context:{"\t"}{Endpoint.ContextName(context.Globals, context.Config)}

            """);
        if (server is not null)
        {
            text.Append($"\nServer:{(server.Platform.Name.Length > 0 ? " " + server.Platform.Name : "")}\n");
            foreach (var component in server.Components ?? [])
            {
                var details = component.Details ?? [];
                text.Append($" {component.Name}:\n  Version:\t{component.Version}\n");
                if (component.Name == "Engine")
                {
                    text.Append($"  API version:\t{Detail("ApiVersion")} (minimum version {Detail("MinAPIVersion")})\n  Go version:\t{Detail("GoVersion")}\n");
                    text.Append($"  Git commit:\t{Detail("GitCommit")}\n  Built:\t{Detail("BuildTime")}\n  OS/Arch:\t{Detail("Os")}/{Detail("Arch")}\n  Experimental:\t{Detail("Experimental")}\n");
                }
                else
                {
                    foreach (var (name, value) in details)
                        text.Append($"  {name}:\t{value}\n");
                }

                string Detail(string name) => name == "BuildTime" ? Built(details.GetValueOrDefault(name, "")) : details.GetValueOrDefault(name, "");
            }
        }

        Terminal.Streams.OutText(TabWriter.Align(text.ToString(), minimumWidth: 20, padding: 1));
    }
}
