using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>The device rules of a container: config.json's, then those without which no container works.</summary>
internal static class DeviceRules
{
    private static readonly DeviceRule[] Always =
    [
        Allow("c", -1, -1, "m"), Allow("b", -1, -1, "m"), Allow("c", 1, 3, "rwm"), Allow("c", 1, 8, "rwm"), Allow("c", 1, 7, "rwm"),
        Allow("c", 5, 0, "rwm"), Allow("c", 1, 5, "rwm"), Allow("c", 1, 9, "rwm"), Allow("c", 136, -1, "rwm"), Allow("c", 5, 2, "rwm"),
    ];

    /// <summary>In order: from the last rule on that is about every device, without those that say what a rule above has said already.</summary>
    public static IReadOnlyList<DeviceRule> Of(IReadOnlyList<DeviceRule>? configured)
    {
        if (configured is not { Count: > 0 })
            return [];
        var first = 0;
        for (var index = 0; index < configured.Count; index++)
        {
            if (IsAboutAll(configured[index]))
                first = index;
        }

        var rules = new List<DeviceRule>(configured.Count - first + Always.Length);
        foreach (var rule in configured.Skip(first).Concat(Always))
        {
            // The last word on the same devices counts: only a repetition with nothing of the other kind in between may go.
            if (!rules.Contains(rule) || rules.FindLastIndex(other => other.Allow != rule.Allow) > rules.LastIndexOf(rule))
                rules.Add(rule);
        }

        return rules;
    }

    /// <summary>Whether a rule speaks of every device and every access.</summary>
    public static bool IsAboutAll(DeviceRule rule) => rule.Type is null or "" or "a" && rule.Major is null or -1 && rule.Minor is null or -1
        && (string.IsNullOrEmpty(rule.Access) || (rule.Access.Contains('r') && rule.Access.Contains('w') && rule.Access.Contains('m')));

    /// <summary>Whether the rules come down to «everything is allowed» (a privileged container).</summary>
    public static bool AllowsAll(IReadOnlyList<DeviceRule> configured) =>
        configured[^1].Allow && IsAboutAll(configured[^1]);

    private static DeviceRule Allow(string type, long major, long minor, string access) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
