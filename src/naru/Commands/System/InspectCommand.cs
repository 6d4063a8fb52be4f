using Naru.Cli.Commands.Containers;

namespace Naru.Cli.Commands.System;

/// <summary>`inspect`: whatever has that name, containers first.</summary>
internal static class InspectCommand
{
    private static readonly string[] Types = ["container", "image", "network", "volume"];

    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] NAME|ID [NAME|ID...]", "Return low-level information on Docker objects") { Arguments = ArgumentCount.AtLeast(1) };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        var size = command.Flags.Bool("size", 's', "Display total file sizes if the type is container");
        var type = command.Flags.String("type", null, "Only inspect objects of the given type");
        command.Run = (context, names) =>
        {
            if (type.Changed && type.Value.Length == 0)
                throw new ExitException(1, "type is empty: must be one of \"config\", \"container\", \"image\", \"network\", \"node\", \"plugin\", \"secret\", \"service\", \"task\", \"volume\"");
            if (type.Value.Length > 0 && !Types.Contains(type.Value))
                throw new ExitException(1, $"unknown type: {GoText.Quote(type)}: must be one of \"config\", \"container\", \"image\", \"network\", \"node\", \"plugin\", \"secret\", \"service\", \"task\", \"volume\"");
            return Inspection.Run(format, names, name => Find(context.Engine, name, type.Value.Length > 0 ? [type.Value] : Types, size, type));
        };
        return command;
    }

    private static byte[] Find(EngineClient engine, string name, string[] types, bool size, string wanted)
    {
        if (wanted.Length > 0)
            return Get(engine, wanted, name, size);
        foreach (var type in types)
        {
            try
            {
                return Get(engine, type, name, size);
            }
            catch (EngineException e) when (e.Status == 404)
            {
                // The next type may have it.
            }
        }

        throw NaruException.NotFound($"Error: No such object: {name}");
    }

    private static byte[] Get(EngineClient engine, string type, string name, bool size)
    {
        if (type == "container")
            return InspectContainerCommand.Get(engine, name, size);
        var escaped = EngineClient.Escape(name);
        using var response = engine.Send("GET", type switch
        {
            "image" => $"/images/{Images.ImagePath.Of(name)}/json",
            "network" => $"/networks/{escaped}",
            _ => $"/volumes/{escaped}",
        });
        return response.ReadBytes();
    }
}
