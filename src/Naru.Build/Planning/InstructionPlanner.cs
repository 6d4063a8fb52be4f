using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Base.Paths;
using Naru.Base.Units;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Carries out a stage's instructions on its draft: the image's config at once, files as steps.</summary>
internal sealed class InstructionPlanner
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly PlanScope scope;
    private readonly PlanOptions options;
    private readonly Linter linter;

    public InstructionPlanner(
        DockerfileDocument document, PlanOptions options, Platform platform, Linter linter, WordExpander expander, Variables globals, ContextFiles context, StepNames names)
    {
        this.options = options;
        this.linter = linter;
        scope = new PlanScope(document.File, options, linter, expander, globals, context, names, platform);
    }

    /// <summary>Whether progress counts it.</summary>
    public static bool MakesStep(Instruction instruction) => instruction is RunInstruction or TransferInstruction or WorkdirInstruction;

    public void Plan(StagePlan stage)
    {
        stage.IsPlanned = true;
        if (stage.Base is { } below)
            Inherit(stage, below);
        stage.Platform ??= scope.Target;
        var config = stage.Image.Config;
        if (!HasVariable(config.Env ?? [], "PATH"))
            stage.Image.Config = config = config with { Env = [.. config.Env ?? [], DefaultPath] };
        foreach (var variable in config.Env!)
        {
            var (name, value) = Split(variable);
            stage.Environment.Set(name, value);
        }

        foreach (var planned in stage.Instructions)
            Plan(stage, planned);
    }

    private static void Inherit(StagePlan stage, StagePlan below)
    {
        stage.Result = below.Result;
        stage.Platform = below.Platform;
        stage.Image = below.Image.Clone();
        // What ONBUILD asked for is done, here.
        stage.Image.Config = stage.Image.Config with { OnBuild = null };
        stage.BaseImage = below.BaseImage;
        stage.Environment = below.Environment.Clone();
        stage.HasWorkdir = below.HasWorkdir;
        stage.Arguments.AddRange(below.Arguments);
    }

    private void Plan(StagePlan stage, PlannedInstruction planned)
    {
        try
        {
            Dispatch(stage, planned);
        }
        catch (NaruException error) when (error is not DockerfileException)
        {
            throw new DockerfileException(error.Message, scope.File, [planned.Instruction.Lines]);
        }
    }

    private void Dispatch(StagePlan stage, PlannedInstruction planned)
    {
        switch (planned.Instruction)
        {
            case RunInstruction run:
                RunPlanner.Plan(scope, stage, run, planned.Sources);
                break;
            case CopyInstruction copy:
                TransferPlanner.Copy(scope, stage, copy, planned.Sources);
                break;
            case AddInstruction add:
                TransferPlanner.Add(scope, stage, add);
                break;
            case ArgInstruction argument:
                Arg(stage, argument);
                break;
            case EnvInstruction environment:
                Env(stage, environment);
                break;
            case WorkdirInstruction workdir:
                Workdir(stage, workdir);
                break;
            case CmdInstruction cmd:
                ReportSecond(stage.Cmd, cmd);
                stage.Cmd = cmd.Lines;
                var command = Arguments(stage, cmd, cmd.Line);
                stage.Image.Config = stage.Image.Config with { Cmd = command, ArgsEscaped = true };
                Commit(stage, "CMD " + Quoted(command));
                break;
            case EntrypointInstruction entrypoint:
                Entrypoint(stage, entrypoint);
                break;
            case HealthcheckInstruction healthcheck:
                ReportSecond(stage.Healthcheck, healthcheck);
                stage.Healthcheck = healthcheck.Lines;
                stage.Image.Config = stage.Image.Config with { Healthcheck = healthcheck.Check };
                Commit(stage, "HEALTHCHECK " + Shown(healthcheck.Check));
                break;
            case OnbuildInstruction onbuild:
                stage.Image.Config = stage.Image.Config with { OnBuild = [.. stage.Image.Config.OnBuild ?? [], onbuild.Expression] };
                break;
            default:
                DispatchSetting(stage, planned.Instruction);
                break;
        }
    }

    private void DispatchSetting(StagePlan stage, Instruction instruction)
    {
        var config = stage.Image.Config;
        switch (instruction)
        {
            case LabelInstruction label:
                Label(stage, label);
                break;
            case ExposeInstruction expose:
                var ports = ExposedPorts.Read(scope, stage, expose);
                var exposed = Copy(config.ExposedPorts);
                foreach (var port in ports)
                    exposed[port] = new EmptyObject();
                stage.Image.Config = config with { ExposedPorts = exposed };
                Commit(stage, $"EXPOSE [{string.Join(' ', ports)}]");
                break;
            case UserInstruction user:
                var name = scope.Expand(stage, user, user.User);
                stage.Image.Config = config with { User = name };
                Commit(stage, "USER " + name);
                break;
            case VolumeInstruction volume:
                var volumes = Copy(config.Volumes);
                var paths = new List<string>();
                foreach (var path in volume.Paths)
                    paths.Add(scope.Expand(stage, volume, path) is { Length: > 0 } its ? its : throw NaruException.Invalid("VOLUME specified can not be an empty string"));
                foreach (var path in paths)
                    volumes[path] = new EmptyObject();
                stage.Image.Config = config with { Volumes = volumes };
                Commit(stage, $"VOLUME [{string.Join(' ', paths)}]");
                break;
            case StopsignalInstruction stop:
                var signal = scope.Expand(stage, stop, stop.Signal);
                if (!SignalNames.IsValid(signal))
                    throw NaruException.Invalid("invalid signal: " + signal);
                stage.Image.Config = config with { StopSignal = signal };
                Commit(stage, "STOPSIGNAL " + signal);
                break;
            case ShellInstruction shell:
                stage.Image.Config = config with { Shell = shell.Arguments };
                Commit(stage, $"SHELL [{string.Join(' ', shell.Arguments)}]");
                break;
            case MaintainerInstruction maintainer:
                stage.Image.Author = maintainer.Author;
                Commit(stage, "MAINTAINER " + maintainer.Author);
                break;
            default:
                throw new InvalidOperationException(instruction.GetType().Name);
        }
    }

    private void Arg(StagePlan stage, ArgInstruction instruction)
    {
        var text = new StringBuilder("ARG");
        foreach (var argument in instruction.Definitions)
        {
            ReportSecret("ARG", argument.Name, instruction);
            var isGlobal = false;
            if (!options.BuildArgs.TryGetValue(argument.Name, out var value))
            {
                if (argument.Value is not null)
                {
                    value = scope.Expand(stage, instruction, argument.Value);
                }
                else
                {
                    value = scope.Globals.Get(argument.Name);
                    isGlobal = value is not null;
                }
            }

            if (value is not null && argument.Name is not ("BUILDKIT_SBOM_SCAN_CONTEXT" or "BUILDKIT_SBOM_SCAN_STAGE"))
                stage.Environment.Set(argument.Name, value);
            if (!isGlobal)
                stage.Outline.Known[argument.Name] = new OutlineArgument(argument.Name, argument.Comment, value ?? "", instruction.Lines, []);
            stage.Outline.Use([argument.Name]);
            stage.Arguments.Add(new(argument.Name, value));
            text.Append(' ').Append(argument.Name);
            if (value is not null)
                text.Append('=').Append(value);
        }

        Commit(stage, text.ToString());
    }

    private void Env(StagePlan stage, EnvInstruction instruction)
    {
        var text = new StringBuilder("ENV");
        // All words see the variables as they were before the instruction.
        foreach (var pair in Expanded(stage, instruction, instruction.Pairs))
        {
            ReportSecret("ENV", pair.Key, instruction);
            stage.Environment.Set(pair.Key, pair.Value);
            var list = new List<string>(stage.Image.Config.Env ?? []);
            var place = list.FindIndex(one => Split(one).Name == pair.Key);
            if (place < 0)
                list.Add(pair.Key + "=" + pair.Value);
            else
                list[place] = pair.Key + "=" + pair.Value;
            stage.Image.Config = stage.Image.Config with { Env = list };
            text.Append(CultureInfo.InvariantCulture, $" {pair.Key}={pair.Value}");
        }

        Commit(stage, text.ToString());
    }

    private void Label(StagePlan stage, LabelInstruction instruction)
    {
        var text = new StringBuilder("LABEL");
        var labels = new Dictionary<string, string>();
        foreach (var (name, value) in stage.Image.Config.Labels ?? labels)
            labels[name] = value;
        foreach (var pair in Expanded(stage, instruction, instruction.Pairs))
        {
            labels[pair.Key] = pair.Value;
            text.Append(CultureInfo.InvariantCulture, $" {pair.Key}={pair.Value}");
        }

        stage.Image.Config = stage.Image.Config with { Labels = labels };
        Commit(stage, text.ToString());
    }

    private List<KeyValue> Expanded(StagePlan stage, Instruction instruction, IReadOnlyList<KeyValue> pairs)
    {
        var expanded = new List<KeyValue>();
        foreach (var pair in pairs)
        {
            var name = scope.Expand(stage, instruction, pair.Key);
            expanded.Add(new KeyValue(name, scope.Expand(stage, instruction, pair.Value), pair.IsLegacy));
        }

        foreach (var pair in expanded)
        {
            if (pair.IsLegacy)
                linter.LegacyKeyValueFormat(instruction.Word, instruction.Lines);
        }

        return expanded;
    }

    private void Workdir(StagePlan stage, WorkdirInstruction instruction)
    {
        var path = scope.Expand(stage, instruction, instruction.Path);
        if (!stage.HasWorkdir && !path.StartsWith('/'))
            linter.WorkdirRelativePath(path, instruction.Lines);
        stage.HasWorkdir = true;
        var folder = SlashPath.Combine("/", SlashPath.Combine(stage.Image.Config.WorkingDir is { Length: > 0 } its ? its : "/", path));
        stage.Image.Config = stage.Image.Config with { WorkingDir = folder };
        if (folder != "/")
        {
            var text = scope.Names.Text(instruction.Text.Trim(), stage.Environment.Values);
            stage.Result = new FileStep
            {
                Name = scope.Names.Next(stage, text, instruction.IsTrigger),
                Platform = stage.Platform!,
                Lines = scope.Lines(instruction),
                Root = stage.Result,
                Actions = [new MakeFolderAction { Path = folder, Owner = stage.Image.Config.User is { Length: > 0 } user ? user : null, Time = options.SourceDateEpoch?.ToUnixTimeSeconds() }],
            };
        }

        stage.Image.Commit("WORKDIR " + folder, folder != "/", options.SourceDateEpoch);
    }

    private void Entrypoint(StagePlan stage, EntrypointInstruction instruction)
    {
        ReportSecond(stage.Entrypoint, instruction);
        stage.Entrypoint = instruction.Lines;
        var arguments = Arguments(stage, instruction, instruction.Line);
        var config = stage.Image.Config with { Entrypoint = arguments };
        // The base's CMD was meant for the base's ENTRYPOINT.
        stage.Image.Config = stage.Cmd is null ? config with { Cmd = null } : config;
        Commit(stage, "ENTRYPOINT " + Quoted(arguments));
    }

    private IReadOnlyList<string> Arguments(StagePlan stage, Instruction instruction, CommandLine line)
    {
        if (!line.IsShellForm)
            return line.Arguments;
        if (stage.Image.Config.Shell is not { Count: > 0 })
            linter.JsonArgsRecommended(instruction.Word, instruction.Lines);
        return RunPlanner.WithShell(stage, line.Arguments);
    }

    private void ReportSecond(LineRange? first, Instruction second)
    {
        if (first is not null)
            linter.MultipleInstructionsDisallowed(second.Word, first);
    }

    private void ReportSecret(string word, string name, Instruction instruction)
    {
        if (SecretNames.LooksSecret(name))
            linter.SecretsUsedInArgOrEnv(word, name, instruction.Lines);
    }

    private void Commit(StagePlan stage, string text) => stage.Image.Commit(text, false, options.SourceDateEpoch);

    private static Dictionary<string, EmptyObject> Copy(IReadOnlyDictionary<string, EmptyObject>? set)
    {
        var copy = new Dictionary<string, EmptyObject>();
        foreach (var (key, value) in set ?? copy)
            copy[key] = value;
        return copy;
    }

    private static (string Name, string Value) Split(string variable)
    {
        var equals = variable.IndexOf('=');
        return equals < 0 ? (variable, "") : (variable[..equals], variable[(equals + 1)..]);
    }

    private static bool HasVariable(IReadOnlyList<string> variables, string name)
    {
        foreach (var variable in variables)
        {
            if (Split(variable).Name == name)
                return true;
        }

        return false;
    }

    /// <summary>A list as Go's %q prints it.</summary>
    private static string Quoted(IReadOnlyList<string> list)
    {
        var text = new StringBuilder("[");
        foreach (var one in list)
            text.Append(text.Length > 1 ? " " : "").Append(GoText.Quote(one));
        return text.Append(']').ToString();
    }

    /// <summary>As BuildKit happens to print the structure; the retries as a letter.</summary>
    private static string Shown(Healthcheck check) =>
        $"&{{{Quoted(check.Test ?? [])} \"{GoDuration.Format(check.Interval)}\" \"{GoDuration.Format(check.Timeout)}\" \"{GoDuration.Format(check.StartPeriod)}\" "
        + $"\"{GoDuration.Format(check.StartInterval)}\" {QuotedRune(check.Retries)}}}";

    private static string QuotedRune(int number) => number switch
    {
        '\'' => "'\\''",
        '\\' => "'\\\\'",
        7 => "'\\a'",
        8 => "'\\b'",
        9 => "'\\t'",
        10 => "'\\n'",
        11 => "'\\v'",
        12 => "'\\f'",
        13 => "'\\r'",
        < ' ' or 127 => $"'\\x{number:x2}'",
        < 127 => $"'{(char)number}'",
        _ when Rune.IsValid(number) && Rune.IsLetterOrDigit(new Rune(number)) => $"'{new Rune(number)}'",
        <= 0xffff => $"'\\u{number:x4}'",
        _ => "'\ufffd'",
    };
}
