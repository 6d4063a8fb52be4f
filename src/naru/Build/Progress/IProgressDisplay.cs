using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Progress;

/// <summary>Shows a build's progress. One thread at a time calls it.</summary>
internal interface IProgressDisplay
{
    /// <summary>The builder said something.</summary>
    void Update(StatusResponse status);

    /// <summary>A tenth of a second has gone by.</summary>
    void Refresh();

    /// <summary>Nothing more comes.</summary>
    void Finish(bool failed);
}
