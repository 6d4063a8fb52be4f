using Naru.Base;

namespace Naru.Build.Dockerfile.Linting;

/// <summary>What the linter looks at, from <c># check=</c> or <c>BUILDKIT_DOCKERFILE_CHECK</c>: <c>skip=Rule,…|all;error=true;experimental=Rule,…|all</c>.</summary>
public sealed record LintOptions
{
    /// <summary>Names of rules; <c>all</c> stands for every one.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Experimental rules to look at.</summary>
    public IReadOnlyList<string> Experimental { get; init; } = [];

    /// <summary>A breach fails the build.</summary>
    public bool Error { get; init; }

    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static LintOptions Parse(string? text)
    {
        var options = new LintOptions();
        if (string.IsNullOrEmpty(text))
            return options;
        foreach (var part in text.Split(';'))
        {
            var equals = part.IndexOf('=');
            var name = (equals < 0 ? part : part[..equals]).Trim();
            var value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            if (equals < 0)
                throw NaruException.Invalid($"failed to parse check options: invalid check option \"{name}\"");
            options = name switch
            {
                "skip" => options with { Skip = Names(value) },
                "experimental" => options with { Experimental = Names(value) },
                "error" => options with
                {
                    Error = GoBoolean.TryParse(value, out var error) ? error : throw NaruException.Invalid(
                        $"failed to parse check options: failed to parse check option \"{part}\": strconv.ParseBool: parsing \"{value}\": invalid syntax"),
                },
                _ => throw NaruException.Invalid($"failed to parse check options: invalid check option \"{name}\""),
            };
        }

        return options;
    }

    public bool LooksAt(LintRule rule) =>
        !Names(Skip, rule) && (!rule.IsExperimental || Names(Experimental, rule));

    private static bool Names(IReadOnlyList<string> names, LintRule rule)
    {
        foreach (var name in names)
        {
            if (name == "all" || name == rule.Name)
                return true;
        }

        return false;
    }

    private static List<string> Names(string list)
    {
        var names = new List<string>();
        foreach (var name in list.Split(','))
            names.Add(name.Trim());
        return names;
    }
}
