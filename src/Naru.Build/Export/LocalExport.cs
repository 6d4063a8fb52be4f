using Naru.Build.Context;
using Naru.Linux;

namespace Naru.Build.Export;

/// <summary><c>--output type=local</c>: the files of results in a folder of the client's.</summary>
internal static class LocalExport
{
    /// <param name="number">Which of the build's outputs it is.</param>
    /// <param name="folders">Where in the client's folder each tree goes, as <see cref="FolderOptions.Folders"/> says.</param>
    /// <param name="epoch">The time of all that is sent; null: each has its own.</param>
    /// <param name="staging">A path that is free: trees that go into folders of their own are seen there meanwhile.</param>
    public static async Task Send(
        IReadOnlyList<ExportedTree> trees, IReadOnlyList<string> folders, string staging, IBuildSession session, int number, DateTimeOffset? epoch, Action<long> progress, CancellationToken cancel)
    {
        if (trees.Count == 1 && folders[0].Length == 0)
        {
            await session.SendFolder(number, trees[0].Folder, epoch, progress, cancel);
            return;
        }

        List<string> mounted = [];
        Directory.CreateDirectory(staging);
        try
        {
            for (var one = 0; one < trees.Count; one++)
            {
                var target = Path.Combine(staging, folders[one]);
                Directory.CreateDirectory(target);
                Mounts.Bind(trees[one].Folder, target, recursive: false);
                mounted.Add(target);
                // Whatever happens to the staging folder, nothing happens to what is seen in it.
                Mounts.Mount(null, target, null, MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly);
            }

            await session.SendFolder(number, staging, epoch, progress, cancel);
        }
        finally
        {
            foreach (var target in mounted)
                Mounts.Unmount(target, detach: true);
            foreach (var folder in folders)
                Linux.Files.TryRemoveFolder(Path.Combine(staging, folder));
            Linux.Files.TryRemoveFolder(staging);
        }
    }
}
