using System.Text;
using Naru.Base;

namespace Naru.Engine;

/// <summary>What `info` calls this engine: a UUID, made once and kept in the data root.</summary>
internal static class EngineId
{
    public static string ReadOrMake(EnginePaths paths)
    {
        var file = Path.Combine(paths.DataRoot, "engine-id");
        if (File.Exists(file) && Guid.TryParse(File.ReadAllText(file).Trim(), out var known))
            return known.ToString();
        var made = Guid.NewGuid().ToString();
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(made));
        return made;
    }
}
