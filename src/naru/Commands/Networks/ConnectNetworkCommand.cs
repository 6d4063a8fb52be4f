using System.Text;
using System.Text.Json.Nodes;
using Naru.Cli.Commands.Containers;

namespace Naru.Cli.Commands.Networks;

/// <summary>`network connect`.</summary>
internal static class ConnectNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("connect [OPTIONS] NETWORK CONTAINER", "Connect a container to a network") { Arguments = ArgumentCount.Exactly(2) };
        var flags = command.Flags;
        var aliases = flags.Slice("alias", null, "Add network-scoped alias for the container");
        var options = flags.Slice("driver-opt", null, "driver options for the network");
        var priority = flags.Int("gw-priority", null, "Highest gw-priority provides the default gateway. Accepts positive and negative values.");
        var four = flags.String("ip", null, "IPv4 address (e.g., \"172.30.100.104\")");
        var six = flags.String("ip6", null, "IPv6 address (e.g., \"2001:db8::33\")");
        var links = flags.List("link", null, "Add link to another container", OptionValues.Link);
        var local = flags.Slice("link-local-ip", null, "Add a link-local address for the container");
        command.Run = (context, words) =>
        {
            var endpoint = new JsonObject
            {
                ["IPAMConfig"] = new JsonObject { ["IPv4Address"] = four.Value, ["IPv6Address"] = six.Value, ["LinkLocalIPs"] = Words(local) },
                ["Links"] = Words(links),
                ["Aliases"] = Words(aliases),
                ["DriverOpts"] = Options(options.Values),
                ["GwPriority"] = priority.Value,
            };
            var body = new JsonObject { ["Container"] = words[1], ["EndpointConfig"] = endpoint };
            using var response = context.Engine.Send("POST", $"/networks/{EngineClient.Escape(words[0])}/connect", Encoding.UTF8.GetBytes(body.ToJsonString()));
            return 0;
        };
        return command;
    }

    private static JsonArray? Words(ListFlag flag) => flag.Values.Count > 0 ? new JsonArray([.. flag.Values.Select(value => (JsonNode?)value)]) : null;

    private static JsonObject Options(IReadOnlyList<string> options)
    {
        var map = new JsonObject();
        foreach (var option in options)
        {
            var at = option.IndexOf('=');
            if (at <= 0)
                throw NaruException.Invalid("invalid key/value pair format in driver options");
            map[option[..at].Trim()] = option[(at + 1)..].Trim();
        }

        return map;
    }
}
