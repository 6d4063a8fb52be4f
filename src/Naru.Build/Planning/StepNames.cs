using System.Globalization;
using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>What progress calls a stage's steps: <c>[build 2/5] RUN make</c>.</summary>
internal sealed class StepNames(WordExpander expander, char escape, bool severalPlatforms)
{
    private readonly WordExpander quoting = new(escape) { KeepQuotes = true, KeepUnset = true };

    /// <summary>The next name of a stage, or the last one again.</summary>
    public string Next(StagePlan stage, string text, bool isTrigger = false, bool again = false)
    {
        if (stage.StepCount == 0)
            return text;
        if (!again)
            stage.StepsNamed++;
        var platform = severalPlatforms && stage.Platform is { } its ? its + Cross(its, stage.Environment) + " " : "";
        var label = stage.Label.Length > 0 ? stage.Label + " " : "";
        var width = 1 + (int)Math.Log10(stage.StepCount);
        var number = stage.StepsNamed.ToString(CultureInfo.InvariantCulture).PadLeft(width);
        return $"[{platform}{label}{number}/{stage.StepCount}] {(isTrigger ? "ONBUILD " : "")}{text}";
    }

    /// <summary>An instruction's text with its variables, the word in capitals.</summary>
    public string Text(string text, IReadOnlyDictionary<string, string> variables) => Capital(Expanded(expander, text, variables));

    /// <summary>As <see cref="Text"/>; quotes and unknown variables stay, since a shell reads them.</summary>
    public string RunText(string text, IReadOnlyDictionary<string, string> variables) => Capital(Expanded(quoting, text, variables));

    private static string Expanded(WordExpander with, string text, IReadOnlyDictionary<string, string> variables)
    {
        try
        {
            return with.Expand(text, variables).Result;
        }
        catch (NaruException)
        {
            return text;
        }
    }

    private static string Capital(string text)
    {
        var space = text.IndexOf(' ');
        return space < 0 ? text.ToUpperInvariant() : text[..space].ToUpperInvariant() + text[space..];
    }

    /// <summary><c>-&gt;arm64</c> where a stage makes something for another platform than it runs on.</summary>
    private static string Cross(Platform on, Variables variables)
    {
        var target = new Platform { Os = variables.Get("TARGETOS") ?? on.Os, Architecture = variables.Get("TARGETARCH") ?? on.Architecture, Variant = variables.Get("TARGETVARIANT") };
        if (variables.Get("TARGETPLATFORM") is { Length: > 0 } named)
        {
            try
            {
                target = Platform.Parse(named);
            }
            catch (NaruException)
            {
                return "";
            }
        }
        else if (variables.Get("TARGETOS") is null && variables.Get("TARGETARCH") is null)
        {
            return "";
        }

        target = target.Normalise();
        if (target.Os != on.Os)
            return "->" + target;
        return target.Architecture == on.Architecture ? "" : "->" + target.Architecture + (target.Variant is { } variant ? "/" + variant : "");
    }
}
