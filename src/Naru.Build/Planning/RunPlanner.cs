using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Base.Paths;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Graph;

namespace Naru.Build.Planning;

/// <summary>Makes a step of RUN.</summary>
internal static class RunPlanner
{
    public static void Plan(PlanScope scope, StagePlan stage, RunInstruction run, IReadOnlyList<StagePlan> sources)
    {
        if (run.Devices.Count > 0)
            throw NaruException.Invalid("RUN --device is not supported: there are no CDI devices here");
        var text = run.Text.Trim();
        var mounts = new List<RunMount>();
        var arguments = Arguments(stage, run, mounts, ref text);
        var history = "RUN " + HistoryArguments(stage) + string.Join(' ', arguments) + " # buildkit";
        var masked = new Dictionary<string, string>(stage.Environment.Values);
        var environment = stage.Environment;
        if (Mounts(scope, stage, run, sources, mounts, masked) is { } agent && environment.Get("SSH_AUTH_SOCK") is null)
        {
            environment = environment.Clone();
            environment.Set("SSH_AUTH_SOCK", agent);
        }

        var network = run.Network == RunNetwork.Default ? scope.Options.Network : run.Network;
        if (network == RunNetwork.Host)
            Entitle(scope, "network.host");
        if (run.Insecure)
            Entitle(scope, "security.insecure");
        stage.Result = new RunStep
        {
            Name = scope.Names.Next(stage, scope.Names.RunText(text, masked), run.IsTrigger),
            Platform = stage.Platform!,
            Lines = scope.Lines(run),
            IgnoreCache = stage.IgnoreCache,
            Root = stage.Result,
            Arguments = arguments,
            Environment = environment.ToList(),
            ProxyEnvironment = Proxies(scope.Options.BuildArgs),
            WorkingFolder = stage.Image.Config.WorkingDir is { Length: > 0 } folder ? folder : "/",
            User = stage.Image.Config.User ?? "",
            Mounts = mounts,
            Network = network,
            Insecure = run.Insecure,
            Hostname = scope.Options.Hostname,
            ExtraHosts = scope.Options.ExtraHosts,
            ShmSize = scope.Options.ShmSize,
            Ulimits = scope.Options.Ulimits,
            CgroupParent = scope.Options.CgroupParent,
        };
        stage.Image.Commit(history, true, scope.Options.SourceDateEpoch);
    }

    /// <summary>A line for the stage's shell.</summary>
    public static List<string> WithShell(StagePlan stage, IReadOnlyList<string> line) =>
        [.. stage.Image.Config.Shell is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"], string.Join(' ', line)];

    private static IReadOnlyList<string> Arguments(StagePlan stage, RunInstruction run, List<RunMount> mounts, ref string text)
    {
        var line = run.Line.Arguments;
        var documents = run.Line.Heredocs;
        if (!run.Line.IsShellForm)
            return line.Count > 0 ? line : throw NaruException.Invalid("failed to marshal LLB definition: arguments are required");
        if (documents.Count == 0)
            return WithShell(stage, line);
        if (HeredocWord.Parse(line[0]) is null)
        {
            // The shell knows what to do with its here-documents: give them back to it.
            var whole = new StringBuilder(line[0]);
            foreach (var document in documents)
                whole.Append('\n').Append(Encoding.UTF8.GetString(document.Content)).Append(document.Name);
            return WithShell(stage, [whole.ToString()]);
        }

        // Nothing but a here-document: its content is the script.
        var script = documents[0].Chomped();
        text += $" ({Summary(documents[0])})";
        if (!script.AsSpan().StartsWith("#!"u8))
            return WithShell(stage, [Encoding.UTF8.GetString(script)]);
        var name = documents[0].Name;
        var file = new FileStep
        {
            Name = "[internal] preparing inline document",
            Platform = stage.Platform!,
            Actions = [new WriteFileAction { Path = "/" + name, Content = script, Mode = 0b111_101_101 }],
        };
        mounts.Add(new RunMount { Kind = RunMountKind.Bind, Target = "/dev/pipes/", From = file });
        return WithShell(stage, [SlashPath.Combine("/dev/pipes/", name)]);
    }

    private static string Summary(Heredoc document)
    {
        var lines = Encoding.UTF8.GetString(document.Content).Trim().Split('\n');
        return lines[0].TrimEnd('\r') + (lines.Length > 1 ? "..." : "");
    }

    /// <summary>The ARGs in scope, as history has them: <c>|2 a=1 b= </c>.</summary>
    private static string HistoryArguments(StagePlan stage)
    {
        var names = new HashSet<string>();
        var text = new StringBuilder();
        foreach (var (name, value) in stage.Arguments)
        {
            if (!names.Add(name))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{name}={stage.Environment.Get(name) ?? Last(stage, name)} ");
        }

        return names.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"|{names.Count} {text}");
    }

    private static string Last(StagePlan stage, string name)
    {
        var last = "";
        foreach (var argument in stage.Arguments)
        {
            if (argument.Key == name)
                last = argument.Value ?? "";
        }

        return last;
    }

    /// <returns>The socket of the first SSH agent; null: there is none.</returns>
    private static string? Mounts(
        PlanScope scope, StagePlan stage, RunInstruction run, IReadOnlyList<StagePlan> sources, List<RunMount> mounts, Dictionary<string, string> masked)
    {
        string? socket = null;
        // All are read before the first is made, so that the linter hears of every variable.
        var read = new List<RunMountOptions>();
        foreach (var mount in run.Mounts)
            read.Add(RunMountOptions.Parse(mount, word => scope.Expand(stage, run, word)));
        var agents = 0;
        for (var number = 0; number < read.Count; number++)
        {
            var options = read[number];
            switch (options.Kind)
            {
                case RunMountKind.Secret:
                    mounts.Add(Secret(stage, run, options));
                    if (options.Variable is { } variable)
                        masked[variable] = "****";
                    break;
                case RunMountKind.Ssh:
                    var agent = Ssh(stage, run, options, agents++);
                    mounts.Add(agent);
                    socket ??= agent.Target;
                    break;
                default:
                    mounts.Add(Files(scope, stage, options, sources[number]));
                    break;
            }
        }

        return socket;
    }

    private static RunMount Files(PlanScope scope, StagePlan stage, RunMountOptions options, StagePlan source)
    {
        var target = Absolute(stage, options.Target);
        if (target == "/")
            throw NaruException.Invalid("invalid mount target \"/\"");
        Step? from = null;
        if (options.From.Length > 0)
        {
            if (!source.IsPlanned)
                throw NaruException.Invalid($"cannot mount from stage {GoText.Quote(options.From)} to {GoText.Quote(options.Target)}, stage needs to be defined before current command");
            from = source.Result;
        }
        else if (options.Kind == RunMountKind.Bind)
        {
            from = scope.Context.Step;
            scope.Context.Use(options.Source);
        }

        return new RunMount
        {
            Kind = options.Kind,
            Target = target,
            From = from,
            Source = SlashPath.Combine("/", options.Source),
            Writable = !options.ReadOnly,
            Id = options.Kind != RunMountKind.Cache ? "" : options.Id.Length > 0 ? options.Id : SlashPath.Clean(options.Target),
            Sharing = options.Sharing ?? CacheSharing.Shared,
            Uid = options.Uid ?? 0,
            Gid = options.Gid ?? 0,
            Mode = options.Mode,
            Size = options.Size,
        };
    }

    private static RunMount Secret(StagePlan stage, RunInstruction run, RunMountOptions options)
    {
        var id = options.Source.Length > 0 ? options.Source : options.Id;
        if (id.Length == 0)
            id = LastName(options.Target);
        stage.Outline.Secrets.TryAdd(id, new OutlineItem(id, options.Required, run.Lines));
        // A variable alone needs no file.
        var target = options.Target.Length > 0 ? Absolute(stage, options.Target) : options.Variable is null ? "/run/secrets/" + LastName(id) : "";
        return new RunMount
        {
            Kind = RunMountKind.Secret,
            Target = target,
            Id = id,
            Required = options.Required,
            Variable = options.Variable,
            Uid = options.Uid ?? 0,
            Gid = options.Gid ?? 0,
            Mode = options.Mode ?? 0b100_000_000,
        };
    }

    private static RunMount Ssh(StagePlan stage, RunInstruction run, RunMountOptions options, int number)
    {
        if (options.Source.Length > 0)
            throw NaruException.Invalid("ssh mount should not have a source");
        var id = options.Id.Length > 0 ? options.Id : "default";
        stage.Outline.Ssh.TryAdd(id, new OutlineItem(id, options.Required, run.Lines));
        return new RunMount
        {
            Kind = RunMountKind.Ssh,
            Target = options.Target.Length > 0 ? Absolute(stage, options.Target) : string.Create(CultureInfo.InvariantCulture, $"/run/buildkit/ssh_agent.{number}"),
            Id = id,
            Required = options.Required,
            Uid = options.Uid ?? 0,
            Gid = options.Gid ?? 0,
            Mode = options.Mode ?? 0b110_000_000,
        };
    }

    private static string Absolute(StagePlan stage, string path) =>
        path.Length == 0 ? "/" : SlashPath.Combine(stage.Image.Config.WorkingDir is { Length: > 0 } folder ? folder : "/", path);

    private static string LastName(string path) => path.TrimEnd('/') is var trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "";

    private static List<string> Proxies(IReadOnlyDictionary<string, string> arguments)
    {
        var list = new List<string>();
        foreach (var name in (ReadOnlySpan<string>)["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"])
        {
            var upper = name.ToUpperInvariant();
            var value = arguments.GetValueOrDefault(name) ?? arguments.GetValueOrDefault(upper);
            if (!string.IsNullOrEmpty(value))
                list.AddRange([$"{upper}={value}", $"{name}={value}"]);
        }

        return list;
    }

    private static void Entitle(PlanScope scope, string entitlement)
    {
        if (!scope.Options.Entitlements.Contains(entitlement))
            throw NaruException.Invalid($"failed to load LLB: {entitlement} is not allowed");
    }
}
