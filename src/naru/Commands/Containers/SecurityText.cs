using System.Text;
using System.Text.Json;

namespace Naru.Cli.Commands.Containers;

/// <summary>--security-opt: the seccomp profile's file is read here, as the engine may not see it.</summary>
internal static class SecurityText
{
    /// <summary>The options to send, and whether `systempaths=unconfined` stood among them.</summary>
    public static (IReadOnlyList<string>? Options, bool Unmasked) Read(IReadOnlyList<string> options)
    {
        var kept = new List<string>();
        var unmasked = false;
        foreach (var option in options)
        {
            if (option == "systempaths=unconfined")
            {
                unmasked = true;
                continue;
            }

            var at = option.IndexOfAny(['=', ':']);
            if (at < 0 && option != "no-new-privileges")
                throw NaruException.Invalid($"Invalid --security-opt: {GoText.Quote(option)}");
            if (at < 0 || option[..at] != "seccomp" || option[(at + 1)..] is "unconfined" or "builtin")
            {
                kept.Add(option);
                continue;
            }

            kept.Add("seccomp=" + Profile(option[(at + 1)..]));
        }

        return (kept.Count > 0 ? kept : null, unmasked);
    }

    private static string Profile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            using var bytes = new MemoryStream();
            using (var writer = new Utf8JsonWriter(bytes))
                document.WriteTo(writer);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
        catch (JsonException e)
        {
            throw NaruException.Invalid($"compacting json for seccomp profile ({path}) failed: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NaruException.Invalid($"opening seccomp profile ({path}) failed: open {path}: no such file or directory");
        }
    }
}
