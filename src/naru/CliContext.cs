using Naru.Cli.Config;
using Naru.Cli.Terminal;

namespace Naru.Cli;

/// <summary>What a running command may ask for; each part is made when it is first used.</summary>
internal sealed class CliContext(GlobalFlags globals, Command command)
{
    public Command Command { get; } = command;

    public GlobalFlags Globals { get; } = globals;

    public ConfigFile Config => field ??= ConfigFile.Load(Globals.ConfigPath);

    public EngineClient Engine => field ??= Endpoint.Connect(Globals, Config);

    /// <summary>Writes a line to standard output.</summary>
    public void Line(string text) => Streams.OutLine(text);

    /// <summary>Writes a line to standard error.</summary>
    public void ErrorLine(string text) => Streams.ErrorLine(text);

    /// <summary>Does <paramref name="each"/> for every name; failures are printed as they come, or together at the end as Docker does, and make the exit code 1.</summary>
    public int ForEach(IReadOnlyList<string> names, Func<string, string?> each)
    {
        var failures = new List<string>();
        foreach (var name in names)
        {
            try
            {
                if (each(name) is { } printed)
                    Line(printed);
            }
            catch (Exception e) when (e is EngineException or NaruException)
            {
                failures.Add(e.Message);
            }
        }

        return failures.Count == 0 ? 0 : throw new ExitException(1, string.Join('\n', failures));
    }
}
