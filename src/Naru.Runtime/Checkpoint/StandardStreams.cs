using System.Text.Json;
using Naru.Linux;
using Naru.Runtime.State;

namespace Naru.Runtime.Checkpoint;

/// <summary>What a container's first process began with as descriptors 0 to 2: pipes among them were the caller's, and at a restore its caller's come in their place. Kept beside the images, in runc's form.</summary>
internal static class StandardStreams
{
    public const string FileName = "descriptors.json";

    private const string Pipe = "pipe:";

    /// <summary>The runtime's own, by the names that the kernel gives them («pipe:[123]»); nothing where none is a pipe.</summary>
    public static IReadOnlyList<string> OfCaller()
    {
        var names = NamesOf("self");
        return IsPipe(names[0]) || IsPipe(names[1]) || IsPipe(names[2]) ? names : [];
    }

    public static byte[] Write(ContainerState state) =>
        StateJson.Write(state.Streams.Count > 0 ? state.Streams : NamesOf(state.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Reads the file of a folder of images.</summary>
    /// <returns>For each stream the pipe that it was; null where it was none.</returns>
    /// <exception cref="LinuxException">ENOENT: it is no such folder.</exception>
    public static IReadOnlyList<string?> ReadPipes(string images)
    {
        using var file = Files.Open($"{images}/{FileName}", OpenFlags.ReadOnly);
        var reader = new Utf8JsonReader(Files.ReadAll(file));
        var pipes = new List<string?>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } name)
                pipes.Add(IsPipe(name) ? name : null);
        }

        return pipes;
    }

    private static bool IsPipe(string name) => name.StartsWith(Pipe, StringComparison.Ordinal);

    private static string[] NamesOf(string process) =>
        [Files.TryReadLink($"/proc/{process}/fd/0") ?? "", Files.TryReadLink($"/proc/{process}/fd/1") ?? "", Files.TryReadLink($"/proc/{process}/fd/2") ?? ""];
}
