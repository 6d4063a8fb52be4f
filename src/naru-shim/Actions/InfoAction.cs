using Naru.Rpc.Types;
using Naru.Shim.Tasks;

namespace Naru.Shim.Actions;

/// <summary>«-info»: a containerd.types.RuntimeInfo on standard output; a RuntimeRequest on standard input says which runtime is meant.</summary>
internal static class InfoAction
{
    public const string Version = "0.1.0";

    /// <summary>The features as the runtime prints them: runtime-spec's Features, in JSON.</summary>
    private const string FeaturesType = "types.containerd.io/opencontainers/runtime-spec/1/features/Features";

    public static int Run()
    {
        var request = new RuntimeRequest();
        if (Console.IsInputRedirected)
        {
            using var input = Console.OpenStandardInput();
            request = RuntimeRequest.Parser.ParseFrom(input);
        }
        var info = new RuntimeInfo { Name = "io.containerd.naru.v2", Version = new RuntimeVersion { Version = Version } };
        if (request.Options is { TypeUrl.Length: > 0 })
            info.Options = request.Options;
        var runtime = RuntimeOptions.From(request.Options, "");
        if (Features(runtime.Binary) is { Length: > 0 } features)
            info.Features = new Any { TypeUrl = FeaturesType, Value = ByteString.CopyFrom(features) };
        using var output = Console.OpenStandardOutput();
        output.Write(info.ToByteArray());
        return 0;
    }

    // A runtime that cannot say has none to tell.
    private static byte[]? Features(string binary)
    {
        var (read, write) = Descriptor.Pipe();
        using var reading = read;
        int pid;
        using (write)
        using (var nothing = Descriptor.OpenNull())
            pid = Spawner.Start(binary, ["features"], ShimEnvironment.ForRuntime(), [nothing, write, nothing]);
        using var printed = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = read.Read(buffer)) > 0;)
            printed.Write(buffer, 0, count);
        return Children.Wait(pid).Status == 0 ? printed.ToArray() : null;
    }
}
