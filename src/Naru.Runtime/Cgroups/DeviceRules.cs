using System.Text;
using Naru.Base;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>The device rules of a container: config.json's, then those without which no container works. What no rule is about is denied.</summary>
internal static class DeviceRules
{
    private static readonly DeviceRule DenyAll = new() { Allow = false, Type = "a", Access = "rwm" };

    private static readonly DeviceRule[] Always =
    [
        Allow("c", -1, -1, "m"), Allow("b", -1, -1, "m"), Allow("c", 1, 3, "rwm"), Allow("c", 1, 8, "rwm"), Allow("c", 1, 7, "rwm"),
        Allow("c", 5, 0, "rwm"), Allow("c", 1, 5, "rwm"), Allow("c", 1, 9, "rwm"), Allow("c", 136, -1, "rwm"), Allow("c", 5, 2, "rwm"),
        Allow("c", 10, 200, "rwm"),
    ];

    /// <summary>In order: from the last rule on that is about every device, without those that say what a rule above has said already.</summary>
    public static IReadOnlyList<DeviceRule> Of(IReadOnlyList<DeviceRule>? configured)
    {
        var first = LastAboutAll(configured);
        var rules = new List<DeviceRule>((configured?.Count ?? 0) - first + Always.Length) { first < 0 ? DenyAll : configured![first] };
        foreach (var listed in (configured ?? []).Skip(first + 1).Concat(Always))
        {
            var rule = WithKnownAccess(listed);
            if (rule.Access!.Length == 0)
                continue;
            // The last word on the same devices counts: only rules with nothing of the other kind in between may be one.
            var same = rules.FindLastIndex(other => IsAboutTheSame(other, rule));
            if (same < 0 || rules.FindLastIndex(other => other.Allow != rule.Allow) > same)
                rules.Add(rule);
            else if (!rule.Access!.All(letter => rules[same].Access!.Contains(letter)))
                rules[same] = rules[same] with { Access = rules[same].Access + rule.Access };
        }

        return rules;
    }

    /// <summary>Whether a rule speaks of every device: then the kernel does not look at its numbers and its access.</summary>
    public static bool IsAboutAll(DeviceRule rule) => rule.Type is null or "" or "a";

    /// <summary>Whether the rules come down to «everything is allowed» (a privileged container).</summary>
    public static bool AllowsAll(IReadOnlyList<DeviceRule>? configured) =>
        LastAboutAll(configured) is >= 0 and var last && configured!.Skip(last).All(rule => rule.Allow);

    /// <exception cref="NaruException">InvalidArgument: a rule without access, or of an unknown type.</exception>
    public static void Check(IReadOnlyList<DeviceRule>? configured)
    {
        for (var index = 0; index < configured?.Count; index++)
        {
            if (string.IsNullOrEmpty(configured[index].Access))
                throw NaruException.Invalid($"device access at {index} field cannot be empty");
            if (configured[index].Type is not (null or "" or "a" or "b" or "c"))
                throw NaruException.Invalid($"invalid cgroup device type \"{configured[index].Type}\"");
        }
    }

    /// <summary>Read, write and mknod: the kernel refuses what else there may be, runc passes it over.</summary>
    private static DeviceRule WithKnownAccess(DeviceRule rule)
    {
        const string known = "rwm";
        if (!rule.Access.AsSpan().ContainsAnyExcept(known))
            return rule;
        var access = new StringBuilder();
        foreach (var letter in rule.Access!)
        {
            if (known.Contains(letter))
                access.Append(letter);
        }

        return rule with { Access = access.ToString() };
    }

    private static bool IsAboutTheSame(DeviceRule one, DeviceRule other) =>
        one.Type == other.Type && (one.Major ?? -1) == (other.Major ?? -1) && (one.Minor ?? -1) == (other.Minor ?? -1) && one.Allow == other.Allow;

    private static int LastAboutAll(IReadOnlyList<DeviceRule>? configured)
    {
        for (var index = (configured?.Count ?? 0) - 1; index >= 0; index--)
        {
            if (IsAboutAll(configured![index]))
                return index;
        }

        return -1;
    }

    private static DeviceRule Allow(string type, long major, long minor, string access) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
