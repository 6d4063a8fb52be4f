using Naru.Base;

namespace Naru.Hub.Accounts;

/// <summary>Removes what is over every hour, while the server runs. Several processes may do it beside each other.</summary>
public sealed class AccountUpkeep(AccountRooms accounts) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Start() => running = Run();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
        try
        {
            do
            {
                try
                {
                    await accounts.Tidy(stopping.Token);
                }
                catch (NaruException e)
                {
                    Log.Warn($"accounts: could not remove what is over: {e.Message}");
                }
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
