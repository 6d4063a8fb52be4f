using System.Security.Cryptography;
using System.Text;
using Naru.Linux;

namespace Naru.Build.Attestations;

/// <summary>The files of a result as subjects of a statement: path and content of each.</summary>
internal static class FileSubjects
{
    public static IReadOnlyList<Subject> Of(string folder, CancellationToken cancel)
    {
        List<Subject> subjects = [];
        using var tree = new TreeReader(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 << 10];
        foreach (var entry in tree.Walk())
        {
            cancel.ThrowIfCancellationRequested();
            if (entry.Kind != TreeEntryKind.File)
                continue;
            using var handle = tree.Open(entry.Path);
            for (int count; (count = Linux.Files.Read(handle, buffer)) > 0;)
                hash.AppendData(buffer, 0, count);
            subjects.Add(new Subject(Encoding.UTF8.GetString(entry.Path), Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        return subjects;
    }
}
