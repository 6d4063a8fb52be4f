using System.Text;
using Naru.Cli.Build.Progress;
using Naru.Cli.Grpc;

namespace Naru.Cli.Commands.Builds;

/// <summary>What a failed build says at its end: the lines of the Dockerfile that it is about, then the error.</summary>
internal static class BuildFailure
{
    public static string Text(GrpcException e)
    {
        var text = new StringBuilder();
        foreach (var source in ErrorSources.Read(e.Details))
            SourceExcerpt.Write(text, source.Info, source.Ranges);
        return text.Append("ERROR: failed to build: failed to solve: ").Append(e.Message).ToString();
    }
}
