using System.Globalization;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Dockerfile;

/// <summary>Makes an instruction of its words. Every failure is an InvalidArgument in BuildKit's words, without the line.</summary>
internal static class InstructionReader
{
    private static readonly string[] s_names =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL",
        "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    public static Instruction Read(LogicalLine line, Linter linter) => line.Words.Word.ToUpperInvariant() switch
    {
        "ADD" => TransferReader.ReadAdd(line),
        "ARG" => ReadArg(line, linter),
        "CMD" => ReadCmd(line),
        "COPY" => TransferReader.ReadCopy(line),
        "ENTRYPOINT" => ReadEntrypoint(line),
        "ENV" => new EnvInstruction { Pairs = Pairs(line), At = line.At },
        "EXPOSE" => ReadExpose(line),
        "FROM" => ReadFrom(line, linter),
        "HEALTHCHECK" => ReadHealthcheck(line),
        "LABEL" => new LabelInstruction { Pairs = Pairs(line), At = line.At },
        "MAINTAINER" => ReadMaintainer(line, linter),
        "ONBUILD" => ReadOnbuild(line),
        "RUN" => ReadRun(line),
        "SHELL" => ReadShell(line),
        "STOPSIGNAL" => new StopsignalInstruction { Signal = Only(line), At = line.At },
        "USER" => new UserInstruction { User = Only(line), At = line.At },
        "VOLUME" => ReadVolume(line),
        "WORKDIR" => new WorkdirInstruction { Path = Only(line), At = line.At },
        _ => throw NaruException.Invalid(Suggestion.Append("unknown instruction: " + line.Words.Word, line.Words.Word, s_names, false)),
    };

    private static ArgInstruction ReadArg(LogicalLine line, Linter linter)
    {
        NoFlags(line);
        var definitions = new List<ArgDefinition>();
        var names = new List<string>();
        foreach (var argument in AtLeastOne(line))
        {
            var equals = argument.IndexOf('=');
            if (equals == 0)
                throw NaruException.Invalid("ARG names can not be blank");
            var name = equals < 0 ? argument : argument[..equals];
            names.Add(name);
            definitions.Add(new ArgDefinition(name, equals < 0 ? null : argument[(equals + 1)..], CommentOn(name, line)));
        }

        CheckDescription("ARG", names, line, linter);
        return new ArgInstruction { Definitions = definitions, At = line.At };
    }

    private static CmdInstruction ReadCmd(LogicalLine line)
    {
        NoFlags(line);
        return new CmdInstruction { Line = Command(line), At = line.At };
    }

    private static EntrypointInstruction ReadEntrypoint(LogicalLine line)
    {
        NoFlags(line);
        return new EntrypointInstruction { Line = Command(line), At = line.At };
    }

    private static RunInstruction ReadRun(LogicalLine line)
    {
        var flags = new InstructionFlags().Texts("mount", "device").Text("network", "security").Read(line.Words.Flags);
        foreach (var mount in flags.Values("mount"))
            RunMountOptions.CheckUnexpanded(mount);
        foreach (var device in flags.Values("device"))
            RunMountOptions.CheckDevice(device);
        var (network, security) = (flags.Value("network"), flags.Value("security"));
        return new RunInstruction
        {
            Line = Command(line),
            Mounts = flags.Values("mount"),
            Devices = flags.Values("device"),
            Network = network switch
            {
                "" or "default" => RunNetwork.Default,
                "none" => RunNetwork.None,
                "host" => RunNetwork.Host,
                _ => throw NaruException.Invalid($"invalid network mode {GoText.Quote(network)}"),
            },
            Insecure = security switch
            {
                "" or "sandbox" => false,
                "insecure" => true,
                _ => throw NaruException.Invalid($"security {GoText.Quote(security)} is not valid"),
            },
            At = line.At,
        };
    }

    private static ExposeInstruction ReadExpose(LogicalLine line)
    {
        var ports = AtLeastOne(line);
        NoFlags(line);
        var sorted = new List<string>(ports);
        sorted.Sort(StringComparer.Ordinal);
        return new ExposeInstruction { Ports = sorted, At = line.At };
    }

    private static FromInstruction ReadFrom(LogicalLine line, Linter linter)
    {
        var words = line.Words;
        var arguments = words.Arguments;
        var name = "";
        if (arguments.Count == 3 && arguments[1].Equals("as", StringComparison.OrdinalIgnoreCase))
        {
            name = arguments[2].ToLowerInvariant();
            if (!IsStageName(name))
                throw NaruException.Invalid($"invalid name for build stage: {GoText.Quote(arguments[2])}, name can't start with a number or contain symbols");
            if (name != arguments[2])
                linter.StageNameCasing(arguments[2], line.At.Lines);
            var (from, keyword) = (words.Word, arguments[1]);
            if ((from == from.ToLowerInvariant() && keyword != keyword.ToLowerInvariant()) || (from == from.ToUpperInvariant() && keyword != keyword.ToUpperInvariant()))
                linter.FromAsCasing(from, keyword, line.At.Lines);
        }
        else if (arguments.Count != 1)
        {
            throw NaruException.Invalid("FROM requires either one or three arguments");
        }

        var flags = new InstructionFlags().Text("platform").Read(words.Flags);
        if (name.Length > 0)
            CheckDescription("FROM", [name], line, linter);
        return new FromInstruction
        {
            Base = arguments[0],
            StageName = name,
            Platform = flags.Value("platform"),
            Description = CommentOn(name, line),
            At = line.At,
        };
    }

    private static HealthcheckInstruction ReadHealthcheck(LogicalLine line)
    {
        var arguments = AtLeastOne(line);
        var type = arguments[0].ToUpperInvariant();
        var command = arguments.GetRange(1, arguments.Count - 1);
        Healthcheck check;
        if (type == "NONE")
        {
            if (command.Count > 0)
                throw NaruException.Invalid("HEALTHCHECK NONE takes no arguments");
            check = new Healthcheck { Test = [type] };
        }
        else
        {
            var flags = new InstructionFlags().Text("interval", "timeout", "start-period", "start-interval", "retries").Read(line.Words.Flags);
            if (type != "CMD")
                throw NaruException.Invalid($"Unknown type {GoText.Quote(type)} in HEALTHCHECK (try CMD)");
            if (command.Count == 0)
                throw NaruException.Invalid("Missing command after HEALTHCHECK CMD");
            check = new Healthcheck
            {
                Test = [line.Words.IsJson ? type : "CMD-SHELL", .. command],
                Interval = Duration(flags, "interval"),
                Timeout = Duration(flags, "timeout"),
                StartPeriod = Duration(flags, "start-period"),
                StartInterval = Duration(flags, "start-interval"),
                Retries = Retries(flags.Value("retries")),
            };
        }

        return new HealthcheckInstruction { Check = check, At = line.At };
    }

    private static long Duration(InstructionFlags flags, string name)
    {
        var text = flags.Value(name);
        long duration;
        try
        {
            duration = text.Length == 0 ? 0 : GoDuration.Parse(text);
        }
        catch (FlagException error)
        {
            throw NaruException.Invalid(error.Message);
        }

        return duration is 0 or >= GoDuration.Millisecond ? duration : throw NaruException.Invalid($"Interval \"{name}\" cannot be less than 1ms");
    }

    private static int Retries(string text)
    {
        if (text.Length == 0)
            return 0;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var retries))
            throw NaruException.Invalid($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
        return retries >= 0 ? retries : throw NaruException.Invalid($"--retries cannot be negative ({retries})");
    }

    private static MaintainerInstruction ReadMaintainer(LogicalLine line, Linter linter)
    {
        var author = Only(line);
        linter.MaintainerDeprecated(line.At.Lines);
        return new MaintainerInstruction { Author = author, At = line.At };
    }

    private static OnbuildInstruction ReadOnbuild(LogicalLine line)
    {
        var trigger = AtLeastOne(line)[0].Trim().ToUpperInvariant();
        NoFlags(line);
        if (trigger == "ONBUILD")
            throw NaruException.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        if (trigger is "MAINTAINER" or "FROM")
            throw NaruException.Invalid($"{trigger} isn't allowed as an ONBUILD trigger");
        var expression = line.At.Text.TrimStart()["ONBUILD".Length..].TrimStart();
        foreach (var heredoc in line.Heredocs)
            expression += "\n" + System.Text.Encoding.UTF8.GetString(heredoc.Content) + heredoc.Name;
        return new OnbuildInstruction { Expression = expression, At = line.At };
    }

    private static ShellInstruction ReadShell(LogicalLine line)
    {
        NoFlags(line);
        var arguments = AtLeastOne(line);
        if (!line.Words.IsJson)
            throw NaruException.Invalid("SHELL requires the arguments to be in JSON form");
        return new ShellInstruction { Arguments = arguments, At = line.At };
    }

    private static VolumeInstruction ReadVolume(LogicalLine line)
    {
        var paths = new List<string>();
        foreach (var path in AtLeastOne(line))
            paths.Add(path.Trim() is { Length: > 0 } trimmed ? trimmed : throw NaruException.Invalid("VOLUME specified can not be an empty string"));
        NoFlags(line);
        return new VolumeInstruction { Paths = paths, At = line.At };
    }

    private static CommandLine Command(LogicalLine line) =>
        new() { Arguments = line.Words.Arguments, IsShellForm = !line.Words.IsJson, Heredocs = line.Heredocs };

    private static List<KeyValue> Pairs(LogicalLine line)
    {
        NoFlags(line);
        var word = line.Words.Word.ToUpperInvariant();
        if (line.Words.Pairs.Count == 0)
            throw NaruException.Invalid($"{word} requires at least one argument");
        foreach (var pair in line.Words.Pairs)
        {
            if (pair.Key.Length == 0)
                throw NaruException.Invalid($"{word} names can not be blank");
        }

        return line.Words.Pairs;
    }

    private static List<string> AtLeastOne(LogicalLine line) => line.Words.Arguments.Count > 0 ? line.Words.Arguments
        : throw NaruException.Invalid($"{line.Words.Word.ToUpperInvariant()} requires at least one argument");

    private static string Only(LogicalLine line)
    {
        if (line.Words.Arguments.Count != 1)
            throw NaruException.Invalid($"{line.Words.Word.ToUpperInvariant()} requires exactly one argument");
        NoFlags(line);
        return line.Words.Arguments[0];
    }

    private static void NoFlags(LogicalLine line) => new InstructionFlags().Read(line.Words.Flags);

    private static string CommentOn(string name, LogicalLine line)
    {
        foreach (var comment in line.At.Comments)
        {
            if (name.Length > 0 && comment.StartsWith(name + " ", StringComparison.Ordinal))
                return comment[(name.Length + 1)..];
        }

        return "";
    }

    private static void CheckDescription(string word, List<string> names, LogicalLine line, Linter linter)
    {
        if (line.At.Comments.Count > 0 && !names.Contains(line.At.Comments[^1].Split(' ')[0]))
            linter.InvalidDefinitionDescription(word, names.Count == 1 ? names[0] : "<arg_key>", line.At.Lines);
    }

    private static bool IsStageName(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterLower(name[0]))
            return false;
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('-' or '_' or '.'))
                return false;
        }

        return true;
    }
}
