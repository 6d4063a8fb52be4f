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

    public static IEnumerable<DeviceRule> Of(IReadOnlyList<DeviceRule>? configured) => configured is { Count: > 0 } ? configured.Concat(Always) : [];

    /// <summary>Whether the rules come down to «everything is allowed» (a privileged container).</summary>
    public static bool AllowsAll(IReadOnlyList<DeviceRule> configured) =>
        configured[^1] is { Allow: true } last && last.Type is null or "" or "a" && last.Major is null or -1 && last.Minor is null or -1;

    private static DeviceRule Allow(string type, long major, long minor, string access) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
