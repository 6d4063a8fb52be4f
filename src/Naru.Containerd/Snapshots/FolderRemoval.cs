using Naru.Base;
using Naru.Linux;

namespace Naru.Containerd;

/// <summary>Removes snapshots' folders after the call that removed their rows has been answered, one after the other.</summary>
/// <remarks>
/// A row's end is durable before its folder goes: else a power cut could bring the row back without its files. Layers that are still nothing but files of the
/// folder are made blobs first.
/// </remarks>
internal sealed class FolderRemoval(Database database, ContentStore content)
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    /// <param name="number">The folder's number, where it is a snapshot's; null for a part of one.</param>
    public void Add(string folder, long? number)
    {
        lock (gate)
            last = last.ContinueWith(_ => RemoveDurably(folder, number), TaskScheduler.Default);
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

    private void RemoveDurably(string folder, long? number)
    {
        try
        {
            if (number is { } leaving)
                content.MakeOf(leaving);
            database.Flush();
            Remove(folder);
        }
        catch (Exception e) when (e is LinuxException or IOException or NaruException)
        {
            Log.Warn($"snapshot folder {folder} is left for the next clean-up: {e.Message}");
        }
    }
}
