using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>A stage while it is planned: or an image that COPY --from or a mount names, which is a stage without instructions.</summary>
internal sealed class StagePlan
{
    /// <summary>The FROM, or the instruction that names the image.</summary>
    public required LineRange Lines { get; init; }

    /// <summary>What FROM says, expanded.</summary>
    public required string BaseName { get; set; }

    /// <summary>By which other stages call it; empty: none.</summary>
    public string Name { get; init; } = "";

    /// <summary>How progress calls it: the name, or <c>stage-2</c>; empty when it is the only one.</summary>
    public string Label { get; set; } = "";

    public string Description { get; init; } = "";

    /// <summary>An image that no FROM names.</summary>
    public bool IsImageOnly { get; init; }

    /// <summary>The stage that it is built on; null: an image, a named context or scratch.</summary>
    public StagePlan? Base { get; set; }

    /// <summary>The named context that takes its place (instructions and all); null: none.</summary>
    public string? ReplacedBy { get; set; }

    public Platform? Platform { get; set; }

    public bool IgnoreCache { get; set; }

    public List<PlannedInstruction> Instructions { get; } = [];

    /// <summary>Stages whose files its instructions use, each with the first instruction that does.</summary>
    public Dictionary<StagePlan, Instruction> Uses { get; } = [];

    public bool IsResolved { get; set; }

    public bool IsPlanned { get; set; }

    public bool HasTriggers { get; set; }

    // ---- What its instructions made so far ----

    /// <summary>The files; null: none.</summary>
    public Step? Result { get; set; }

    public Variables Environment { get; set; } = new();

    public ImageDraft Image { get; set; } = ImageDraft.Scratch(Oci.Platform.Host);

    public ResolvedImage? BaseImage { get; set; }

    /// <summary>Variables that ARG declared, in order; null: without a value.</summary>
    public List<KeyValuePair<string, string?>> Arguments { get; } = [];

    /// <summary>Some WORKDIR of the Dockerfile was there: relative ones stand on it.</summary>
    public bool HasWorkdir { get; set; }

    public LineRange? Cmd { get; set; }

    public LineRange? Entrypoint { get; set; }

    public LineRange? Healthcheck { get; set; }

    // ---- How its steps are counted ----

    public int StepCount { get; set; }

    public int StepsNamed { get; set; }

    // ---- What outline tells of it ----

    public StageOutline Outline { get; set; } = new();
}
