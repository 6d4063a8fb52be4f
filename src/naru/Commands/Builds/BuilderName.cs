namespace Naru.Cli.Commands.Builds;

/// <summary>The one builder there is: the engine's own, called "default" as docker calls it.</summary>
internal static class BuilderName
{
    public const string Default = "default";

    /// <exception cref="NaruException">Another builder.</exception>
    public static void Check(string name)
    {
        if (name.Length > 0 && name != Default)
            throw NaruException.NotFound($"no builder {GoText.Quote(name)} found");
    }
}
