using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
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
            Formatted.Print(format == "json" ? "{{json .}}" : format, data);
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
        ["GitCommit"] = ClientVersion.Commit,
        ["GoVersion"] = ClientVersion.Runtime,
        ["Os"] = "linux",
        ["Arch"] = Architecture,
        ["BuildTime"] = "",
        ["Context"] = Endpoint.ContextName(context.Globals, context.Config),
    };

    private static string Architecture => RuntimeInformation.ProcessArchitecture == global::System.Runtime.InteropServices.Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static object? Server(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonValues.From(document.RootElement);
    }

    private static void Text(CliContext context, VersionResponse? server)
    {
        var text = new StringBuilder($"""
            Client:
             Version:{"\t"}{ClientVersion.Version}
             API version:{"\t"}{context.Engine.Version}{(context.Engine.Version == EngineClient.NewestVersion ? "" : $" (downgraded from {EngineClient.NewestVersion})")}
             Go version:{"\t"}{ClientVersion.Runtime}
             Git commit:{"\t"}{ClientVersion.Commit}
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

                string Detail(string name) => details.GetValueOrDefault(name, "");
            }
        }

        Terminal.Streams.OutText(TabWriter.Align(text.ToString(), minimumWidth: 20, padding: 1));
    }
}
