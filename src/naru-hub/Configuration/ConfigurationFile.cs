using System.Text.Json;
using Naru.Base;
using Naru.Base.Flags;

namespace Naru.HubServer.Configuration;

/// <summary>hub.json: one object whose names are the flags', each given in one of the two places; a list where a flag may be repeated.</summary>
internal static class ConfigurationFile
{
    /// <summary>Sets the flags that the file names and this command has: one file serves all commands. A file that is missing is fine, unless it was asked for.</summary>
    /// <exception cref="NaruException">InvalidArgument, with what is wrong where.</exception>
    public static void Apply(string path, bool asked, FlagSet flags)
    {
        if (!asked && !File.Exists(path))
            return;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw NaruException.Invalid($"{path}: the file must hold one object");
            var known = new ServeFlags().All;
            foreach (var setting in document.RootElement.EnumerateObject())
                Apply(path, setting, flags, known);
        }
        catch (Exception e) when (e is JsonException or FlagException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"open {path}: {e.Message}", e);
        }
    }

    private static void Apply(string path, JsonProperty setting, FlagSet flags, FlagSet known)
    {
        if (setting.Name == "config" || known.Find(setting.Name) is null)
            throw NaruException.Invalid($"{path}: {setting.Name} is no setting");
        if (flags.Find(setting.Name) is not { } flag)
            return;
        if (flag.Changed)
            throw NaruException.Invalid($"{path}: {setting.Name} is given both as a flag and in the file");
        switch (setting.Value.ValueKind)
        {
            case JsonValueKind.Array when flag is ListFlag:
                foreach (var value in setting.Value.EnumerateArray())
                    flag.Set(Word(path, setting.Name, value));
                break;
            default:
                flag.Set(Word(path, setting.Name, setting.Value));
                break;
        }
    }

    private static string Word(string path, string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw NaruException.Invalid($"{path}: {name} must be a text, a number or a truth"),
    };
}
