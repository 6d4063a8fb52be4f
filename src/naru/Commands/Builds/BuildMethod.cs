using System.Text;
using System.Text.Json;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Builds;

/// <summary>`--call METHOD[,format=FORMAT][,ignorestatus=true]`: build, or ask the Dockerfile's frontend.</summary>
internal sealed record BuildMethod(string Name, string Format, bool IgnoreStatus)
{
    public bool IsQuestion => Name != "build";

    /// <summary>What the frontend calls it.</summary>
    public string Subject => $"{(Name is "check" or "lint" ? "lint" : Name)}";

    /// <exception cref="NaruException">An unknown key.</exception>
    public static BuildMethod Parse(string text)
    {
        var method = new BuildMethod("build", "", false);
        foreach (var field in CommaSeparated.Split(text))
        {
            var equals = field.IndexOf('=');
            method = (equals < 0 ? "" : field[..equals]) switch
            {
                "" => method with { Name = field },
                "format" => method with { Format = field[(equals + 1)..] },
                "ignorestatus" => method with { IgnoreStatus = FlagValues.Bool(field[(equals + 1)..]) },
                var key => throw NaruException.Invalid($"invalid value {key} for --call"),
            };
        }

        return method;
    }

    /// <summary>Shows the answer; the exit code is 1 when a check found something.</summary>
    public int Print(IReadOnlyDictionary<string, byte[]> answer)
    {
        if (Name == "check" || Name == "lint")
            return PrintCheck(answer);
        var name = Format == "json" ? "result.json" : "result.txt";
        if (!answer.TryGetValue(name, out var text))
            throw NaruException.Invalid($"the frontend gave no {name} for {Name}");
        Streams.Out.Write(text);
        if (Format == "json" && text is not [.., (byte)'\n'])
            Streams.OutText("\n");
        return 0;
    }

    private int PrintCheck(IReadOnlyDictionary<string, byte[]> answer)
    {
        var json = answer.GetValueOrDefault("result.json") ?? throw NaruException.Invalid("the frontend gave no result for the check");
        using var document = JsonDocument.Parse(json);
        var warnings = document.RootElement.TryGetProperty("warnings", out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
        var error = document.RootElement.TryGetProperty("buildError", out var failure) && failure.TryGetProperty("message", out var message) ? message.GetString() : null;
        if (Format == "json")
        {
            Streams.OutText(Encoding.UTF8.GetString(json).TrimEnd('\n') + "\n");
        }
        else
        {
            if (warnings > 0)
                Streams.OutLine(warnings == 1 ? "Check complete, 1 warning has been found!" : $"Check complete, {warnings} warnings have been found!");
            else if (error is null)
                Streams.OutLine("Check complete, no warnings found.");
            Streams.Out.Write(answer.GetValueOrDefault("result.txt") ?? []);
        }

        return (warnings > 0 || error is not null) && !IgnoreStatus ? 1 : 0;
    }
}
