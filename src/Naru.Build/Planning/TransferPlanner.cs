using System.Text;
using Naru.Base;
using Naru.Base.Paths;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Makes a step of COPY or ADD.</summary>
internal sealed class TransferPlanner
{
    private readonly PlanScope scope;
    private readonly StagePlan stage;
    private readonly TransferInstruction instruction;
    private readonly List<FileAction> actions = [];
    private readonly StringBuilder history;
    private readonly string name;
    private readonly string text;
    private readonly string target;
    private readonly string destination;
    private readonly string? owner;
    private readonly string? mode;
    private readonly List<string> exclude = [];

    private TransferPlanner(PlanScope scope, StagePlan stage, TransferInstruction instruction)
    {
        this.scope = scope;
        this.stage = stage;
        this.instruction = instruction;
        owner = Expand(instruction.Chown) is { Length: > 0 } chown ? chown : null;
        mode = Expand(instruction.Chmod) is { Length: > 0 } chmod ? chmod : null;
        foreach (var pattern in instruction.Exclude)
            exclude.Add(Expand(pattern));
        destination = Expand(instruction.Destination);
        target = PlanScope.PathFrom(stage, destination);
        if (mode is not null)
            FileModes.Check(mode);
        text = UrlCredentials.Hide(scope.Names.Text(instruction.Text.Trim(), stage.Environment.Values));
        name = scope.Names.Next(stage, text, instruction.IsTrigger);
        history = new StringBuilder(instruction is AddInstruction ? "ADD" : "COPY");
        if (instruction is CopyInstruction { Parents: true })
            history.Append(" --parents");
        if (owner is not null)
            history.Append(" --chown=").Append(owner);
        if (mode is not null)
            history.Append(" --chmod=").Append(mode);
    }

    public static void Copy(PlanScope scope, StagePlan stage, CopyInstruction copy, IReadOnlyList<StagePlan> sources)
    {
        var from = sources.Count > 0 ? sources[0] : null;
        if (from is { IsPlanned: false })
            throw NaruException.Invalid($"cannot copy from stage {GoText.Quote(copy.From)}, it needs to be defined before current stage {GoText.Quote(stage.Label)}");
        var planner = new TransferPlanner(scope, stage, copy);
        foreach (var written in copy.Sources)
        {
            var source = planner.Expand(written);
            if (GitReference.Parse(source) is not null)
                throw NaruException.Invalid("source can't be a git ref for COPY");
            if (IsUrl(source))
                throw NaruException.Invalid("source can't be a URL for COPY");
            planner.AddPath(source, from, copy.Parents, false);
        }

        planner.Finish();
    }

    public static void Add(PlanScope scope, StagePlan stage, AddInstruction add)
    {
        var planner = new TransferPlanner(scope, stage, add);
        var checksum = planner.Expand(add.Checksum);
        var sources = new List<string>();
        foreach (var written in add.Sources)
            sources.Add(planner.Expand(written));
        if (checksum.Length > 0 && sources.Count != 1)
            throw NaruException.Invalid("checksum can't be specified for multiple sources");
        foreach (var source in sources)
        {
            var git = GitReference.Parse(source);
            if (checksum.Length > 0 && git is null && !IsUrl(source))
                throw NaruException.Invalid("checksum requires HTTP(S) or Git sources");
            if (git is not null)
                planner.AddRemote(source, git.ToStep(planner.name, stage.Platform!, add.KeepGitFolder, checksum), "/", false);
            else if (IsUrl(source))
                planner.AddUrl(source, checksum, add.Unpack ?? false);
            else
                planner.AddPath(source, null, false, add.Unpack ?? true);
        }

        planner.Finish();
    }

    private string Expand(string word) => scope.Expand(stage, instruction, word);

    private static bool IsUrl(string source) =>
        source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Files of the context or of another stage.</summary>
    private void AddPath(string source, StagePlan? from, bool parents, bool unpack)
    {
        history.Append(' ').Append(source);
        if (from is null)
        {
            if (scope.Context.Ignored is { HasTakingBack: false } ignored && ignored.Matches(SlashPath.Clean(source)))
                scope.Linter.CopyIgnoredFile(instruction is AddInstruction ? "Add" : "Copy", SlashPath.Clean(source), instruction.Lines);
            scope.Context.Use(source.Replace("/./", "/", StringComparison.Ordinal));
        }

        actions.Add(new CopyAction
        {
            From = from is null ? scope.Context.Step : from.Result,
            // The pivot of --parents must be seen by whoever copies.
            Sources = [parents ? "/" + source.TrimStart('/') : SlashPath.Combine("/", source)],
            Target = target,
            Parents = parents,
            Exclude = exclude,
            Unpack = unpack,
            Owner = owner,
            Mode = mode,
            AllowEmpty = true,
        });
    }

    private void AddUrl(string source, string checksum, bool unpack)
    {
        var file = Uri.TryCreate(source, UriKind.Absolute, out var url) ? Uri.UnescapeDataString(url.AbsolutePath).TrimEnd('/') : "";
        file = file[(file.LastIndexOf('/') + 1)..];
        if (file.Length == 0 || file is "." or "..")
            file = "__unnamed__";
        var step = new HttpStep
        {
            Name = name,
            Platform = stage.Platform!,
            Lines = scope.Lines(instruction),
            Url = source,
            FileName = file,
            Checksum = ParseChecksum(checksum),
        };
        AddRemote(source, step, "/" + file, unpack);
    }

    private static Digest ParseChecksum(string checksum)
    {
        if (checksum.Length == 0)
            return default;
        if (Digest.TryParse(checksum, out var digest))
            return digest;
        var colon = checksum.IndexOf(':');
        if (colon <= 0 || colon == checksum.Length - 1)
            throw NaruException.Invalid("invalid checksum digest format");
        throw NaruException.Invalid(checksum[..colon] is "sha256" or "sha384" or "sha512" ? "invalid checksum digest length" : "unsupported digest algorithm");
    }

    private void AddRemote(string written, Step step, string path, bool unpack)
    {
        history.Append(' ').Append(UrlCredentials.Hide(written));
        actions.Add(new CopyAction
        {
            From = step,
            Sources = [path],
            Target = target,
            Wildcards = false,
            Exclude = exclude,
            Unpack = unpack,
            Owner = owner,
            Mode = mode,
        });
    }

    private void AddHeredoc(Heredoc document)
    {
        history.Append(" <<").Append(document.Name);
        var content = document.Chomped();
        if (document.Expands)
        {
            var expander = new WordExpander('\\') { QuotesAreLetters = true };
            var expansion = expander.Expand(Encoding.UTF8.GetString(content), stage.Environment.Values);
            scope.ReportUnset(stage, instruction, expansion);
            content = Encoding.UTF8.GetBytes(expansion.Result);
        }

        var path = SlashPath.Combine("/", document.Name);
        var file = new FileStep
        {
            Name = "[internal] preparing inline document",
            Platform = stage.Platform!,
            Actions = [new WriteFileAction { Path = path, Content = content }],
        };
        actions.Add(new CopyAction { From = file, Sources = [path], Target = target, Wildcards = false, Exclude = exclude, Owner = owner, Mode = mode });
    }

    private void Finish()
    {
        foreach (var document in instruction.Heredocs)
            AddHeredoc(document);
        history.Append(' ').Append(destination).Append(" # buildkit");
        // Its own layer, which does not change when those below do; symbolic modes and names of owners need what is below.
        var links = instruction.Link && mode is null && stage.Result is not null;
        var step = new FileStep
        {
            Name = name,
            Platform = stage.Platform!,
            Lines = scope.Lines(instruction),
            IgnoreCache = stage.IgnoreCache,
            Root = links ? null : stage.Result,
            Actions = actions,
        };
        stage.Result = !links ? step : new MergeStep
        {
            Name = scope.Names.Next(stage, "LINK " + text, instruction.IsTrigger, true),
            Platform = stage.Platform!,
            Lines = scope.Lines(instruction),
            Parts = [stage.Result!, step],
        };
        stage.Image.Commit(history.ToString(), true, scope.Options.SourceDateEpoch);
    }
}
