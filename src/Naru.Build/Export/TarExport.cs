using System.Text;
using Naru.Images;

namespace Naru.Build.Export;

/// <summary><c>--output type=tar</c>: the files of results as one archive. Same files and times, same bytes.</summary>
internal static class TarExport
{
    /// <param name="folders">Where in the archive each tree goes, as <see cref="FolderOptions.Folders"/> says.</param>
    /// <param name="epoch">SOURCE_DATE_EPOCH: the time of all entries; null keeps their own.</param>
    public static void Write(IReadOnlyList<ExportedTree> trees, IReadOnlyList<string> folders, DateTimeOffset? epoch, Stream target, CancellationToken cancel)
    {
        using var buffered = new BufferedStream(target, 128 << 10);
        using var tar = new TarWriter(buffered);
        for (var number = 0; number < trees.Count; number++)
        {
            var folder = Encoding.UTF8.GetBytes(folders[number]);
            LayerDiffer.AddTree(tar, trees[number].Folder,
                path => folder.Length == 0 ? path : path.Length == 0 ? folder : [.. folder, (byte)'/', .. path], epoch?.ToUnixTimeSeconds(), cancel);
        }
    }
}
