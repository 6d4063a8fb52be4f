namespace Naru.Build.Dockerfile.Linting;

/// <summary>Something that a Dockerfile had better not do. Names, texts and addresses are BuildKit's.</summary>
public sealed class LintRule
{
    private LintRule(string name, string description, string page, bool isExperimental = false)
    {
        Name = name;
        Description = description;
        Url = "https://docs.docker.com/go/dockerfile/rule/" + page + "/";
        IsExperimental = isExperimental;
    }

    public static LintRule StageNameCasing { get; } = new("StageNameCasing", "Stage names should be lowercase", "stage-name-casing");

    public static LintRule FromAsCasing { get; } = new("FromAsCasing", "The 'as' keyword should match the case of the 'from' keyword", "from-as-casing");

    public static LintRule NoEmptyContinuation { get; } =
        new("NoEmptyContinuation", "Empty continuation lines will become errors in a future release", "no-empty-continuation");

    public static LintRule ConsistentInstructionCasing { get; } = new("ConsistentInstructionCasing",
        "All commands within the Dockerfile should use the same casing (either upper or lower)", "consistent-instruction-casing");

    public static LintRule DuplicateStageName { get; } = new("DuplicateStageName", "Stage names should be unique", "duplicate-stage-name");

    public static LintRule ReservedStageName { get; } = new("ReservedStageName", "Reserved words should not be used as stage names", "reserved-stage-name");

    public static LintRule JsonArgsRecommended { get; } = new("JSONArgsRecommended",
        "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals", "json-args-recommended");

    public static LintRule MaintainerDeprecated { get; } = new("MaintainerDeprecated",
        "The MAINTAINER instruction is deprecated, use a label instead to define an image author", "maintainer-deprecated");

    public static LintRule UndefinedArgInFrom { get; } = new("UndefinedArgInFrom", "FROM command must use declared ARGs", "undefined-arg-in-from");

    public static LintRule UndefinedVar { get; } = new("UndefinedVar", "Variables should be defined before their use", "undefined-var");

    public static LintRule WorkdirRelativePath { get; } = new("WorkdirRelativePath",
        "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes", "workdir-relative-path");

    public static LintRule MultipleInstructionsDisallowed { get; } = new("MultipleInstructionsDisallowed",
        "Multiple instructions of the same type should not be used in the same stage", "multiple-instructions-disallowed");

    public static LintRule LegacyKeyValueFormat { get; } = new("LegacyKeyValueFormat",
        "Legacy key/value format with whitespace separator should not be used", "legacy-key-value-format");

    public static LintRule RedundantTargetPlatform { get; } = new("RedundantTargetPlatform",
        "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior", "redundant-target-platform");

    public static LintRule SecretsUsedInArgOrEnv { get; } = new("SecretsUsedInArgOrEnv",
        "Sensitive data should not be used in the ARG or ENV commands", "secrets-used-in-arg-or-env");

    public static LintRule InvalidDefaultArgInFrom { get; } = new("InvalidDefaultArgInFrom",
        "Default value for global ARG results in an empty or invalid base image name", "invalid-default-arg-in-from");

    public static LintRule FromPlatformFlagConstDisallowed { get; } = new("FromPlatformFlagConstDisallowed",
        "FROM --platform flag should not use a constant value", "from-platform-flag-const-disallowed");

    public static LintRule CopyIgnoredFile { get; } = new("CopyIgnoredFile",
        "Attempting to Copy file that is excluded by .dockerignore", "copy-ignored-file", true);

    public static LintRule InvalidDefinitionDescription { get; } = new("InvalidDefinitionDescription",
        "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, "
        + "add an empty line or comment between the instruction and the comment.", "invalid-definition-description", true);

    public static LintRule ExposeProtoCasing { get; } = new("ExposeProtoCasing", "Protocol in EXPOSE instruction should be lowercase", "expose-proto-casing");

    public static LintRule ExposeInvalidFormat { get; } = new("ExposeInvalidFormat",
        "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release", "expose-invalid-format");

    public static LintRule InvalidBaseImagePlatform { get; } = new("InvalidBaseImagePlatform",
        "Base image platform does not match expected target platform", "invalid-base-image-platform");

    public string Name { get; }

    /// <summary>One sentence, of the rule.</summary>
    public string Description { get; }

    /// <summary>A page that explains it.</summary>
    public string Url { get; }

    /// <summary>Looked at only when asked for.</summary>
    public bool IsExperimental { get; }
}
