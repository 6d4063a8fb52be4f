using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>The linter's rules on FROM.</summary>
internal static class StageRules
{
    /// <summary>Each base must be a name even if no build argument is given.</summary>
    public static void CheckDefaultBases(DockerfileDocument document, WordExpander expander, Variables scope, Linter linter)
    {
        try
        {
            GlobalScope.Add(scope, document, expander, new Dictionary<string, string>(), null);
            foreach (var stage in document.Stages)
            {
                if (!ImageReference.TryParse(expander.Expand(stage.From.Base, scope.Values).Result, out _))
                    linter.InvalidDefaultArgInFrom(stage.From.Base, stage.From.Lines);
            }
        }
        catch (NaruException)
        {
            // The build will say so itself, unless an argument helps.
        }
    }

    public static void CheckPlatform(FromInstruction from, Expansion platform, Variables globals, Linter linter)
    {
        if (platform.Used is ["TARGETPLATFORM"] && platform.Unset.Count == 0 && platform.Result == globals.Get("TARGETPLATFORM"))
            linter.RedundantTargetPlatform(from.Platform, from.Lines);
        if (platform.Used.Count > 0 || platform.Unset.Count > 0)
            return;
        try
        {
            var constant = Platform.Parse(platform.Result);
            // A stage that is named after its platform means it.
            if (!from.StageName.Contains(constant.Os, StringComparison.Ordinal) && !from.StageName.Contains(constant.Architecture, StringComparison.Ordinal))
                linter.FromPlatformFlagConstDisallowed(platform.Result, from.Lines);
        }
        catch (NaruException)
        {
            // The build will say so itself.
        }
    }
}
