using Naru.Base;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>The variables that FROM sees, and that a stage's <c>ARG name</c> finds: the platforms' and those before the first FROM.</summary>
internal static class GlobalScope
{
    /// <summary>TARGETPLATFORM and its like; a build argument of the same name stands in for one.</summary>
    public static Variables Predefined(PlanOptions options, Platform target, string targetStage)
    {
        var build = options.BuildPlatform;
        var scope = new Variables();
        Set("BUILDPLATFORM", build.ToString());
        Set("BUILDOS", build.Os);
        Set("BUILDOSVERSION", build.OsVersion);
        Set("BUILDARCH", build.Architecture);
        Set("BUILDVARIANT", build.Variant);
        Set("TARGETPLATFORM", target.ToString());
        Set("TARGETOS", target.Os);
        Set("TARGETOSVERSION", target.OsVersion);
        Set("TARGETARCH", target.Architecture);
        Set("TARGETVARIANT", target.Variant);
        Set("TARGETSTAGE", targetStage.Length > 0 ? targetStage : "default");
        return scope;

        void Set(string name, string? value) => scope.Set(name, options.BuildArgs.GetValueOrDefault(name) ?? value ?? "");
    }

    /// <summary>Adds the ARGs before the first FROM.</summary>
    /// <param name="given">Build arguments, which stand in for defaults; empty: defaults only.</param>
    /// <param name="known">Takes a note of each; null: nobody asks.</param>
    /// <exception cref="DockerfileException">A default cannot be expanded.</exception>
    public static void Add(
        Variables scope, DockerfileDocument document, WordExpander expander, IReadOnlyDictionary<string, string> given, Dictionary<string, OutlineArgument>? known)
    {
        foreach (var instruction in document.GlobalArgs)
        {
            foreach (var argument in instruction.Definitions)
            {
                IReadOnlyList<string> madeOf = [];
                if (!given.TryGetValue(argument.Name, out var value) && argument.Value is not null)
                {
                    var expansion = Expand(expander, argument.Value, scope, document.File, instruction);
                    value = expansion.Result;
                    madeOf = MadeOf(argument.Name, expansion.Used, known);
                }

                if (value is not null)
                    scope.Set(argument.Name, value);
                known?[argument.Name] = new OutlineArgument(argument.Name, argument.Comment, value ?? "", instruction.Lines, madeOf);
            }
        }
    }

    private static Expansion Expand(WordExpander expander, string word, Variables scope, SourceFile file, ArgInstruction instruction)
    {
        try
        {
            return expander.Expand(word, scope.Values);
        }
        catch (NaruException error)
        {
            throw new DockerfileException(error.Message, file, [instruction.Lines]);
        }
    }

    private static List<string> MadeOf(string name, IReadOnlyList<string> used, Dictionary<string, OutlineArgument>? known)
    {
        var madeOf = new List<string>();
        foreach (var variable in used)
        {
            if (variable != name)
                madeOf.Add(variable);
            else if (known is not null && known.TryGetValue(name, out var before))
                madeOf.AddRange(before.MadeOf);
        }

        return madeOf;
    }
}
