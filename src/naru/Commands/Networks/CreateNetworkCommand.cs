using System.Text;
using System.Text.Json.Nodes;
using Naru.Cli.Commands.Containers;

namespace Naru.Cli.Commands.Networks;

/// <summary>`network create`.</summary>
internal static class CreateNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("create [OPTIONS] NETWORK", "Create a network") { Arguments = ArgumentCount.Exactly(1) };
        var flags = command.Flags;
        var attachable = flags.Bool("attachable", null, "Enable manual container attachment");
        var auxiliary = flags.List("aux-address", null, "Auxiliary IPv4 or IPv6 addresses used by Network driver", type: "map", defaultText: "map[]");
        var configFrom = flags.String("config-from", null, "The network from which to copy the configuration");
        var configOnly = flags.Bool("config-only", null, "Create a configuration only network");
        var driver = flags.String("driver", 'd', "Driver to manage the Network", "bridge");
        var gateways = flags.Slice("gateway", null, "IPv4 or IPv6 Gateway for the master subnet");
        var ingress = flags.Bool("ingress", null, "Create swarm routing-mesh network");
        var isInternal = flags.Bool("internal", null, "Restrict external access to the network");
        var ranges = flags.Slice("ip-range", null, "Allocate container ip from a sub-range");
        var ipamDriver = flags.String("ipam-driver", null, "IP Address Management Driver", "default");
        var ipamOptions = flags.List("ipam-opt", null, "Set IPAM driver specific options", type: "map", defaultText: "map[]");
        var four = flags.Bool("ipv4", null, "Enable or disable IPv4 address assignment", initial: true);
        var six = flags.Bool("ipv6", null, "Enable or disable IPv6 address assignment");
        var labels = flags.List("label", null, "Set metadata on a network", OptionValues.Label);
        var options = flags.List("opt", 'o', "Set driver specific options", type: "map", defaultText: "map[]");
        var scope = flags.String("scope", null, "Control the network's scope");
        var subnets = flags.Slice("subnet", null, "Subnet in CIDR format that represents a network segment");
        command.Run = (context, words) =>
        {
            var pools = NetworkPools.Gather(subnets.Values, ranges.Values, gateways.Values, KeyValueFiles.ToMap(auxiliary.Values));
            var request = new JsonObject
            {
                ["Name"] = words[0],
                ["Driver"] = driver.Value,
                ["Scope"] = scope.Value,
                ["EnableIPv4"] = four.Changed ? JsonValue.Create(four.Value) : null,
                ["EnableIPv6"] = six.Changed ? JsonValue.Create(six.Value) : null,
                ["IPAM"] = new JsonObject { ["Driver"] = ipamDriver.Value, ["Options"] = Map(ipamOptions), ["Config"] = pools },
                ["Internal"] = isInternal.Value,
                ["Attachable"] = attachable.Value,
                ["Ingress"] = ingress.Value,
                ["ConfigOnly"] = configOnly.Value,
                ["ConfigFrom"] = configFrom.Value.Length > 0 ? new JsonObject { ["Network"] = configFrom.Value } : null,
                ["Options"] = Map(options),
                ["Labels"] = Map(labels),
            };
            using var response = context.Engine.Send("POST", "/networks/create", Encoding.UTF8.GetBytes(request.ToJsonString()));
            var answer = JsonNode.Parse(response.ReadBytes())!;
            if ((string?)answer["Warning"] is { Length: > 0 } warning)
                context.ErrorLine($"WARNING: {warning}");
            context.Line((string?)answer["Id"] ?? "");
            return 0;
        };
        return command;
    }

    private static JsonObject Map(ListFlag flag) => new(KeyValueFiles.ToMap(flag.Values).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
