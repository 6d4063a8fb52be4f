using Naru.Linux.Polling;

namespace Naru.Tests.Linux;

public sealed class EventLoopTests
{
    [Fact]
    public void All_who_await_the_same_task_continue_on_the_loops_thread()
    {
        using var loop = new EventLoop();
        var end = new TaskCompletionSource();
        List<int> threads = [];
        async Task AwaitAsync()
        {
            await end.Task;
            threads.Add(Environment.CurrentManagedThreadId);
        }

        async Task RunAsync()
        {
            var all = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AwaitAsync()).ToArray());
            loop.After(TimeSpan.FromMilliseconds(1), end.SetResult);
            await all;
            loop.Stop();
        }

        loop.After(TimeSpan.Zero, () => _ = RunAsync());
        loop.Run();
        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 10), threads);
    }
}
