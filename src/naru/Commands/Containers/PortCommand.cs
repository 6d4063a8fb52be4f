using System.Text.Json;

namespace Naru.Cli.Commands.Containers;

/// <summary>`port`.</summary>
internal static class PortCommand
{
    public static Command Create()
    {
        var command = new Command("port CONTAINER [PRIVATE_PORT[/PROTO]]", "List port mappings or a specific mapping for the container") { Aliases = ["container port", "port"], Arguments = new ArgumentCount(1, 2) };
        command.Run = (context, words) =>
        {
            using var response = context.Engine.Send("GET", $"/containers/{EngineClient.Escape(words[0])}/json");
            using var document = JsonDocument.Parse(response.ReadBytes());
            var ports = document.RootElement.GetProperty("NetworkSettings").GetProperty("Ports");
            var wanted = words.Count < 2 ? null : words[1].Contains('/') ? words[1] : words[1] + "/tcp";
            var lines = new List<(int Port, string Line)>();
            var found = false;
            foreach (var port in ports.ValueKind == JsonValueKind.Object ? ports.EnumerateObject().ToList() : [])
            {
                if ((wanted is not null && port.Name != wanted) || port.Value.ValueKind != JsonValueKind.Array)
                    continue;
                found = true;
                foreach (var binding in port.Value.EnumerateArray())
                {
                    var ip = binding.GetProperty("HostIp").GetString()!;
                    var address = $"{(ip.Contains(':') ? $"[{ip}]" : ip)}:{binding.GetProperty("HostPort").GetString()}";
                    lines.Add((int.Parse(port.Name.Split('/')[0], global::System.Globalization.CultureInfo.InvariantCulture), wanted is null ? $"{port.Name} -> {address}" : address));
                }
            }

            if (wanted is not null && !found)
                throw new ExitException(1, $"Error: No public port '{words[1]}' published for {words[0]}");
            foreach (var (_, line) in lines.OrderBy(line => line.Port))
                context.Line(line);
            return 0;
        };
        return command;
    }
}
