using Naru.Rpc.Types;

namespace Naru.Shim.Actions;

/// <summary>«-info»: a containerd.types.RuntimeInfo on standard output. The RuntimeRequest on standard input changes nothing here.</summary>
internal static class InfoAction
{
    public const string Version = "0.1.0";

    public static int Run()
    {
        var info = new RuntimeInfo { Name = "io.containerd.naru.v2", Version = new RuntimeVersion { Version = Version } };
        using var output = Console.OpenStandardOutput();
        output.Write(info.ToByteArray());
        return 0;
    }
}
