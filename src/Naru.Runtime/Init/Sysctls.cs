using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>linux.sysctl, by the host's own /proc, which shows the namespaces of the process that writes.</summary>
internal static class Sysctls
{
    public static void Write(IReadOnlyDictionary<string, string>? settings)
    {
        if (settings is not { Count: > 0 })
            return;
        using var proc = new ProcFiles();
        foreach (var (name, value) in settings)
            proc.Write($"sys/{PathOf(name)}", value);
    }

    /// <summary>Below /proc/sys. Dots part the folders, unless a slash comes first (net/ipv4/conf/eth0.1/forwarding); the other of the two stands for itself in a name.</summary>
    public static string PathOf(string name) => FirstOf(name) == '/' ? name : Swap(name);

    /// <summary>The name with dots between its folders.</summary>
    public static string DottedOf(string name) => FirstOf(name) == '/' ? Swap(name) : name;

    private static char FirstOf(string name)
    {
        var first = name.AsSpan().IndexOfAny('.', '/');
        return first < 0 ? '.' : name[first];
    }

    private static string Swap(string name) => string.Create(name.Length, name, static (text, from) =>
    {
        for (var index = 0; index < from.Length; index++)
            text[index] = from[index] switch { '/' => '.', '.' => '/', var letter => letter };
    });
}
