using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime.Features;

namespace Naru.Runc.Commands;

/// <summary>features: what this runtime can do, which shims and engines read.</summary>
internal static class FeaturesCommand
{
    public static CommandDefinition Definition { get; } = new("features", "show the enabled features", _ =>
    {
        Files.WriteStandard(1, RuntimeFeatures.Describe(Program.Version));
        return 0;
    })
    {
        Words = null,
        Description = "What this runtime can do, as the JSON that the runtime-spec's features.md defines.",
        Least = 0,
        Most = 0,
    };
}
