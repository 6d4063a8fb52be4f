using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Progress;

/// <summary>Shows nothing, but knows in the end what happened.</summary>
internal sealed class QuietDisplay(BuildTrace trace) : IProgressDisplay
{
    public void Update(StatusResponse status) => trace.Update(status, 0);

    public void Refresh()
    {
    }

    public void Finish(bool failed)
    {
    }
}
