using System.Text.Json;

namespace Naru.Shim.Tasks;

/// <summary>Runs the OCI runtime's commands for one container, beside whatever else the loop does.</summary>
internal sealed class RuntimeCommand(Children children, RuntimeOptions options, string bundle)
{
    private int commands;

    /// <summary>Runs a command with nothing on its streams.</summary>
    /// <exception cref="NaruException">Internal: «OCI runtime COMMAND failed: …», with the runtime's own last error.</exception>
    public async Task RunAsync(string command, params string[] arguments)
    {
        using var nothing = Descriptor.OpenNull();
        await RunAsync(command, arguments, [nothing, nothing, nothing]);
    }

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    public async Task RunAsync(string command, IEnumerable<string> arguments, IReadOnlyList<Descriptor> streams)
    {
        // Commands may overlap: each has a log of its own.
        var log = Path.Combine(bundle, $"log-{++commands}.json");
        ChildExit exit;
        try
        {
            exit = await children.Claim(Start([.. options.Global(log), command, .. arguments], command, streams));
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"OCI runtime {command} failed: {failure.Message}", failure) { Errno = failure.Number };
        }
        var error = exit.Status == 0 ? null : LastError(log);
        File.Delete(log);
        if (exit.Status == 0)
            return;
        var text = error ?? (exit.Status >= 128 ? $"{options.Binary} was ended by signal {exit.Status - 128}" : $"{options.Binary}: exit status {exit.Status}");
        throw new NaruException(ErrorKind.Internal, $"OCI runtime {command} failed: {text}");
    }

    /// <summary>
    /// naru-runc is started from a clone of its mount that cannot be written through. That is where it would execute itself again from, to keep its file out of a container's
    /// reach: this way it need not start twice.
    /// </summary>
    private int Start(IReadOnlyList<string> arguments, string command, IReadOnlyList<Descriptor> streams)
    {
        using var clone = command is "create" or "exec" && options.IsNaruRunc ? DetachedMounts.TryReadOnlyClone(options.Binary) : null;
        return Spawner.Start(clone is null ? options.Binary : Files.PathOf(clone), arguments, ShimEnvironment.ForRuntime(), streams);
    }

    // One JSON object a line; the last one of level error is why it failed.
    private static string? LastError(string log)
    {
        if (!File.Exists(log))
            return null;
        string? last = null;
        foreach (var line in File.ReadLines(log))
        {
            var (level, message) = Parse(line);
            if (level is "error" or "fatal" && message is { Length: > 0 })
                last = message;
        }
        return last;
    }

    private static (string? Level, string? Message) Parse(string line)
    {
        string? level = null, message = null;
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(line));
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var (isLevel, isMessage) = (reader.ValueTextEquals("level"u8), reader.ValueTextEquals("msg"u8));
                reader.Read();
                if (isLevel && reader.TokenType == JsonTokenType.String)
                    level = reader.GetString();
                else if (isMessage && reader.TokenType == JsonTokenType.String)
                    message = reader.GetString();
                else
                    reader.Skip();
            }
        }
        catch (JsonException)
        {
            // A line cut short by the runtime's death.
        }
        return (level, message);
    }
}
