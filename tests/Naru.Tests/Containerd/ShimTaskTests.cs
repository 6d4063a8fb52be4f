using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Ttrpc;
using Naru.Tests.Rpc;

namespace Naru.Tests.Containerd;

public sealed class ShimTaskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-shim-task-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>What a caller hears whose shim goes while it waits.</summary>
    private async Task<NaruException> Gone(bool ending)
    {
        var (near, far) = await StreamPair.OpenAsync();
        await using var task = new ShimTask(Bundle.Create(folder, "moby", "c1", [], "shim"), new ShimBinary("shim", ""), new ShimAddress(3, ""), TtrpcClient.Over(near));
        var call = task.Call("Kill", new Empty(), CancellationToken.None);
        if (ending)
            Assert.True(task.TryEnd());
        await far.DisposeAsync();
        return await Assert.ThrowsAsync<NaruException>(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_task_that_was_ended_meanwhile_is_not_found()
    {
        var failure = await Gone(ending: true);
        Assert.Equal((ErrorKind.NotFound, "task c1 not found"), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_shim_that_went_by_itself_is_unavailable() => Assert.Equal(ErrorKind.Unavailable, (await Gone(ending: false)).Kind);
}
