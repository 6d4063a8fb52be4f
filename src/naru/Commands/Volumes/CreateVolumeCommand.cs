using Naru.Cli.Commands.Containers;

namespace Naru.Cli.Commands.Volumes;

/// <summary>`volume create`.</summary>
internal static class CreateVolumeCommand
{
    public static Command Create()
    {
        var command = new Command("create [OPTIONS] [VOLUME]", "Create a volume") { Arguments = ArgumentCount.AtMost(1) };
        var driver = command.Flags.String("driver", 'd', "Specify volume driver name", "local");
        var labels = command.Flags.List("label", null, "Set metadata for a volume", OptionValues.Label);
        var name = command.Flags.String("name", null, "Specify volume name", hidden: true);
        var options = command.Flags.List("opt", 'o', "Set driver specific options", type: "map", defaultText: "map[]");
        command.Run = (context, words) =>
        {
            if (words.Count == 1 && name.Changed)
                throw new ExitException(1, "conflicting options: cannot specify a volume-name through both --name and as a positional arg");
            var request = new VolumeCreateRequest
            {
                Name = words.Count == 1 ? words[0] : name,
                Driver = driver,
                DriverOpts = options.Values.Count > 0 ? KeyValueFiles.ToMap(options.Values) : null,
                Labels = labels.Values.Count > 0 ? KeyValueFiles.ToMap(labels.Values) : null,
            };
            using var response = context.Engine.SendJson("POST", "/volumes/create", request, ApiJson.Default.VolumeCreateRequest);
            context.Line(response.Read(ApiJson.Default.Volume).Name);
            return 0;
        };
        return command;
    }
}
