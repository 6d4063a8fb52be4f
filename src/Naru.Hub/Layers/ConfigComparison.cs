using System.Text.Json;
using Naru.Oci;

namespace Naru.Hub.Layers;

/// <summary>Where two images' configs differ in what a container gets of them.</summary>
public static class ConfigComparison
{
    /// <summary>Differences in the order of the fields below; of variables, labels, ports and volumes one each.</summary>
    public static IReadOnlyList<ConfigDifference> Compare(ImageConfig from, ImageConfig to)
    {
        var found = new List<ConfigDifference>();
        var (left, right) = (from.Config ?? new(), to.Config ?? new());
        One(found, "Platform", from.Platform.ToString(), to.Platform.ToString());
        One(found, "Author", from.Author, to.Author);
        One(found, "Entrypoint", Command(left.Entrypoint), Command(right.Entrypoint));
        One(found, "Cmd", Command(left.Cmd), Command(right.Cmd));
        One(found, "User", left.User, right.User);
        One(found, "WorkingDir", left.WorkingDir, right.WorkingDir);
        Many(found, "Env", Variables(left.Env), Variables(right.Env));
        Many(found, "Labels", left.Labels, right.Labels);
        Many(found, "ExposedPorts", Keys(left.ExposedPorts), Keys(right.ExposedPorts));
        Many(found, "Volumes", Keys(left.Volumes), Keys(right.Volumes));
        One(found, "StopSignal", left.StopSignal, right.StopSignal);
        One(found, "Shell", Command(left.Shell), Command(right.Shell));
        One(found, "OnBuild", Command(left.OnBuild), Command(right.OnBuild));
        One(found, "Healthcheck", Command(left.Healthcheck?.Test), Command(right.Healthcheck?.Test));
        return found;
    }

    private static void One(List<ConfigDifference> found, string field, string? from, string? to)
    {
        var (left, right) = (from is "" ? null : from, to is "" ? null : to);
        if (left != right)
            found.Add(new ConfigDifference(field, null, left, right));
    }

    private static void Many(List<ConfigDifference> found, string field, IReadOnlyDictionary<string, string>? from, IReadOnlyDictionary<string, string>? to)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        names.UnionWith(from?.Keys ?? []);
        names.UnionWith(to?.Keys ?? []);
        foreach (var name in names)
        {
            var left = from is not null && from.TryGetValue(name, out var one) ? one : null;
            var right = to is not null && to.TryGetValue(name, out var other) ? other : null;
            if (left != right)
                found.Add(new ConfigDifference(field, name, left, right));
        }
    }

    private static string? Command(IReadOnlyList<string>? words)
    {
        if (words is null || words.Count == 0)
            return null;
        var quoted = new List<string>();
        foreach (var word in words)
            quoted.Add($"\"{JsonEncodedText.Encode(word, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
        return $"[{string.Join(',', quoted)}]";
    }

    private static Dictionary<string, string> Variables(IReadOnlyList<string>? variables)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables ?? [])
        {
            var equals = variable.IndexOf('=');
            named[equals < 0 ? variable : variable[..equals]] = equals < 0 ? "" : variable[(equals + 1)..];
        }

        return named;
    }

    private static Dictionary<string, string>? Keys(IReadOnlyDictionary<string, EmptyObject>? set)
    {
        if (set is null)
            return null;
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in set.Keys)
            keys[key] = key;
        return keys;
    }
}
