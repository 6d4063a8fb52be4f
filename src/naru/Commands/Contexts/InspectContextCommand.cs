using System.Text;
using System.Text.Json.Nodes;
using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context inspect`.</summary>
internal static class InspectContextCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] [CONTEXT] [CONTEXT...]", "Display detailed information on one or more contexts");
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        command.Run = (context, names) => Inspection.Run(format, names.Count > 0 ? names : [Endpoint.ContextName(context.Globals, context.Config)], name => Describe(context, name));
        return command;
    }

    private static byte[] Describe(CliContext context, string name)
    {
        var store = new ContextStore(context.Config.Folder);
        JsonObject json;
        if (name == ContextStore.Default)
        {
            json = DockerEndpoint.Standard(context).Json;
            json["TLSMaterial"] = new JsonObject();
            json["Storage"] = new JsonObject { ["MetadataPath"] = "<IN MEMORY>", ["TLSPath"] = "<IN MEMORY>" };
        }
        else
        {
            if (!store.Exists(name))
                throw NaruException.NotFound($"context {GoText.Quote(name)}: context not found: open {Path.Combine(store.MetadataFolder(name), "meta.json")}: no such file or directory");
            json = store.Get(name).Json;
            var files = store.Tls(name).Keys.Order(StringComparer.Ordinal).ToArray();
            json["TLSMaterial"] = files.Length == 0 ? [] : new JsonObject { ["docker"] = new JsonArray([.. files.Select(file => (JsonNode?)file)]) };
            json["Storage"] = new JsonObject { ["MetadataPath"] = store.MetadataFolder(name), ["TLSPath"] = store.TlsFolder(name) };
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString().Replace("\\u003C", "\\u003c").Replace("\\u003E", "\\u003e"));
    }
}
