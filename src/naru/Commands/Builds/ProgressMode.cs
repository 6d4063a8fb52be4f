using Naru.Cli.Build.Progress;
using Naru.Cli.Config;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Builds;

/// <summary>How a build is shown: --progress, else BUILDKIT_PROGRESS, else what standard error is.</summary>
internal sealed record ProgressMode(string Name)
{
    /// <exception cref="NaruException">No such mode.</exception>
    public static ProgressMode Choose(BuildFlags flags)
    {
        var name = flags.Progress.Value;
        if (!flags.Progress.Changed && Environment.GetEnvironmentVariable("BUILDKIT_PROGRESS") is { Length: > 0 } chosen)
            name = chosen;
        if (flags.Quiet)
        {
            if (flags.Progress.Changed && name is not ("auto" or "quiet"))
                throw NaruException.Invalid($"progress={name} and quiet cannot be used together");
            name = "quiet";
        }

        return name switch
        {
            "auto" or "" => new ProgressMode(ConsoleTerminal.IsTerminal(2) ? "tty" : "plain"),
            "tty" when !ConsoleTerminal.IsTerminal(2) => throw NaruException.Invalid("failed to get console: provided file is not a console"),
            "plain" or "tty" or "rawjson" => new ProgressMode(name),
            "quiet" or "none" => new ProgressMode("quiet"),
            _ => throw NaruException.Invalid($"invalid progress mode {name}"),
        };
    }

    public IProgressDisplay Open(BuildTrace trace)
    {
        switch (Name)
        {
            case "quiet":
                return new QuietDisplay(trace);
            case "tty":
                var colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
                return new TerminalDisplay(trace, Streams.ErrorText, () => ConsoleTerminal.Size(2), colours);
            case "rawjson":
                return new RawJsonDisplay(Streams.ErrorText, trace);
            default:
                var plain = new PlainDisplay(trace, Streams.ErrorText);
                plain.Title($"building with \"{BuilderName.Default}\" instance using docker driver");
                return plain;
        }
    }
}
