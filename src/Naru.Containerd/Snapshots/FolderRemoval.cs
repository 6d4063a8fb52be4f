using Naru.Base;
using Naru.Linux;

namespace Naru.Containerd;

/// <summary>Removes snapshots' folders after the call that removed their rows has been answered, one after the other.</summary>
/// <remarks>A row's end is durable before its folder goes: else a power cut could bring the row back without its files.</remarks>
internal sealed class FolderRemoval(Database database)
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    public void Add(string folder)
    {
        lock (gate)
            last = last.ContinueWith(_ => RemoveDurably(folder), TaskScheduler.Default);
    }

    /// <summary>Waits for all that was added before.</summary>
    public void Wait()
    {
        Task waited;
        lock (gate)
            waited = last;
        waited.Wait();
    }

    public static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The row is gone, so the next clean-up tries again.
            Log.Warn($"snapshot folder {folder} is left for the next clean-up: {e.Message}");
        }
    }

    private void RemoveDurably(string folder)
    {
        try
        {
            database.Flush();
            Remove(folder);
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            Log.Warn($"snapshot folder {folder} is left for the next clean-up: {e.Message}");
        }
    }
}
