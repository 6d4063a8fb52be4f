using Naru.Build.Export;
using Naru.Linux;

namespace Naru.Build.Attestations;

/// <summary>Statements as files, to be exported beside a result's own.</summary>
internal static class AttestationFiles
{
    private const uint Mode = 0x180; // 0600

    /// <param name="folder">To be made.</param>
    /// <param name="epoch">The files' time; null: now.</param>
    public static void Write(string folder, IReadOnlyList<Attestation> said, IReadOnlyList<Subject> subjects, FolderOptions options, DateTimeOffset? epoch)
    {
        Directory.CreateDirectory(folder);
        foreach (var one in said)
        {
            var path = Path.Combine(folder, options.AttestationPrefix + one.FileName);
            Files.Replace(path, Statement.Write(one, subjects, indented: true), Mode);
            if (epoch is { } time)
                File.SetLastWriteTimeUtc(path, time.UtcDateTime);
        }
    }
}
