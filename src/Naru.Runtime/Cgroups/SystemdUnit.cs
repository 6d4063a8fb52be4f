using System.Text;
using Naru.Base;

namespace Naru.Runtime.Cgroups;

/// <summary>The unit that systemd keeps a container in: a scope in a slice, or a slice.</summary>
/// <param name="Name">«docker-ID.scope».</param>
/// <param name="Slice">«system.slice», «user-libpod_pod_1.slice».</param>
internal sealed record SystemdUnit(string Name, string Slice)
{
    public bool IsSlice => Name.EndsWith(".slice", StringComparison.Ordinal);

    /// <param name="path">linux.cgroupsPath, «slice:prefix:name»; empty for the default.</param>
    /// <param name="id">The container's.</param>
    /// <param name="user">For systemd's user manager.</param>
    /// <exception cref="NaruException">InvalidArgument: not of that form, or no slice's name.</exception>
    public static SystemdUnit Of(string? path, string id, bool user)
    {
        var usual = user ? "user.slice" : "system.slice";
        if (string.IsNullOrEmpty(path))
            return new SystemdUnit(Escape($"runc-{id}.scope"), usual);
        if (path.Split(':') is not [var slice, var prefix, var name])
            throw NaruException.Invalid($"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{path}\" instead");
        var unit = new SystemdUnit(Escape(name.EndsWith(".slice", StringComparison.Ordinal) ? name : $"{prefix}-{name}.scope"), slice.Length > 0 ? slice : usual);
        unit.PathInHierarchy();
        return unit;
    }

    /// <summary>Where systemd puts the unit: «/system.slice/docker-ID.scope»; «a-b.slice» is within «a.slice».</summary>
    public string PathInHierarchy() => $"{ExpandSlice(Slice)}/{Name}";

    /// <summary>What a unit's name may not hold, as systemd-escape(1) writes it: «+» is «\x2b».</summary>
    private static string Escape(string name)
    {
        if (name.All(letter => char.IsAsciiLetterOrDigit(letter) || ":-_.\\@".Contains(letter)))
            return name;
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || ":-_.\\@".Contains((char)octet))
                escaped.Append((char)octet);
            else
                escaped.Append("\\x").Append(octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }

    private static string ExpandSlice(string slice)
    {
        const string suffix = ".slice";
        if (slice == "-.slice")
            return "";
        var names = slice.EndsWith(suffix, StringComparison.Ordinal) && !slice.Contains('/') ? slice[..^suffix.Length].Split('-') : [""];
        if (names.Contains(""))
            throw NaruException.Invalid($"invalid slice name: {slice}");
        var path = new StringBuilder();
        for (var count = 1; count <= names.Length; count++)
            path.Append('/').AppendJoin('-', names.Take(count)).Append(suffix);
        return path.ToString();
    }
}
