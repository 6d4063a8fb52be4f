using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Naru.Cli.Build.Solve;

/// <summary>The "index.json" of an OCI image layout: what its tags stand for. Locked as BuildKit's clients lock it.</summary>
internal static class LayoutIndex
{
    private const string FileName = "index.json", TagAnnotation = "org.opencontainers.image.ref.name", LayoutFile = "oci-layout";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The digest that a tag stands for; null: there is no such tag.</summary>
    /// <exception cref="IOException">There is no index.</exception>
    /// <exception cref="JsonException">It is malformed.</exception>
    public static string? Find(string folder, string tag)
    {
        var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
        foreach (var manifest in index?["manifests"]?.AsArray() ?? [])
        {
            if (manifest?["annotations"]?[TagAnnotation]?.GetValue<string>() == tag)
                return manifest["digest"]?.GetValue<string>();
        }

        return null;
    }

    /// <summary>Has a tag stand for a manifest from now on.</summary>
    /// <param name="descriptor">JSON.</param>
    public static void Put(string folder, string descriptor, string tag)
    {
        Directory.CreateDirectory(folder);
        var path = Path.GetFullPath(Path.Combine(folder, FileName));
        using var held = Lock(path + ".lock");
        var manifests = new JsonArray();
        foreach (var manifest in Existing(path))
        {
            if (manifest?["annotations"]?[TagAnnotation]?.GetValue<string>() != tag)
                manifests.Add(manifest?.DeepClone());
        }

        var added = JsonNode.Parse(descriptor)!.AsObject();
        added["annotations"] = new JsonObject { [TagAnnotation] = tag };
        manifests.Add((JsonNode)added);
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = manifests };
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            index.WriteTo(writer);
        AtomicFile.Write(path, bytes.ToArray());
        var layout = Path.GetFullPath(Path.Combine(folder, LayoutFile));
        if (!File.Exists(layout))
            AtomicFile.Write(layout, "{\"imageLayoutVersion\":\"1.0.0\"}"u8);
        File.Delete(path + ".lock");
    }

    private static JsonArray Existing(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllBytes(path))?["manifests"]?.AsArray() ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>flock(2), of two builds that write to one folder.</summary>
    private static FileStream Lock(string path)
    {
        for (var end = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                Thread.Sleep(20);
            }
        }
    }
}
