using System.Diagnostics;
using System.Text;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Fuzz;

/// <summary>Reads manifests that were changed at random as naru-hub does: nothing may come of one but a form that holds together or a <see cref="RegistryException"/>, soon, in little memory.</summary>
public static class ManifestFuzzer
{
    private const string Digest1 = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private const string Digest2 = "sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly string?[] s_types =
        [null, "", "application/json", MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerIndex, MediaTypes.DockerSchema1, "text/html", MediaTypes.OciIndex + "; a=b", ";"];

    private static readonly byte[][] s_seeds =
    [
        Seed($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Digest1}}}","size":5},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Digest2}}}","size":7}],"annotations":{"a":"b"}}"""),
        Seed($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","artifactType":"application/x","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{{Digest1}}}","size":2,"data":"e30="},"layers":[],"subject":{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest1}}}","size":5}}"""),
        Seed($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest1}}}","size":5,"platform":{"architecture":"arm64","os":"linux","variant":"v8","os.features":["x"]},"annotations":{"c":"d"}}],"subject":{"digest":"{{{Digest1}}}","size":1}}"""),
        Seed($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.DockerManifest}}}","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{{Digest1}}}","size":5},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{{{Digest1}}}","size":7,"urls":["https://example.org"]}]}"""),
        Seed("""{"schemaVersion":1,"name":"a/b","tag":"c","architecture":"amd64","fsLayers":[{"blobSum":"sha256:00"}],"history":[],"signatures":[]}"""),
    ];

    private static readonly string[] s_pieces =
    [
        "null", "true", "-1", "1e400", "9223372036854775807", "9223372036854775808", "0.5", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\/\"", "{", "}", "[", "]", ",", ":", "{}", "[]", "[null]", "\"layers\":[],", "\"manifests\":[],",
        "\"config\":{},", "\"schemaVersion\":2,", "\"schemaVersion\":1,", "\"mediaType\":", "\"subject\":{},", "\"artifactType\":\"\\n\",", "\"annotations\":{\"\":null},", "\"digest\":\"md5:00\",", "\"size\":-1,", "//", "/**/", "\ufeff", "\0", "é", "😀",
        Digest1, Digest2, "sha256:", "../", MediaTypes.OciIndex, MediaTypes.DockerManifest,
    ];

    /// <returns>0: all went well. 1: a manifest failed; it is in the file that the output names.</returns>
    public static int Run(TimeSpan time)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var count = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; count++)
        {
            var (manifest, type) = Next(random);
            if (Fault(manifest, type) is { } fault)
            {
                var file = Path.GetTempFileName();
                File.WriteAllBytes(file, manifest);
                Console.Error.WriteLine($"seed {seed}, {count} before it, Content-Type {type}, {file}: {fault}");
                return 1;
            }
        }

        Console.WriteLine($"{count} manifests in {time.TotalSeconds:F0} s");
        return 0;
    }

    /// <summary>A manifest with a few random changes, and a Content-Type for it.</summary>
    public static (byte[] Manifest, string? ContentType) Next(Random random) =>
        (Changes.Of(s_seeds[random.Next(s_seeds.Length)], s_seeds, s_pieces, random), s_types[random.Next(s_types.Length)]);

    /// <returns>What went wrong; null: nothing.</returns>
    public static string? Fault(byte[] manifest, string? contentType)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? fault;
        try
        {
            fault = Contradiction(ManifestForm.Parse(manifest, contentType));
        }
        catch (RegistryException refused)
        {
            fault = refused.Status is >= 400 and < 500 ? null : $"it is answered with {refused.Status}";
        }
        catch (Exception error)
        {
            fault = error.ToString();
        }

        var used = GC.GetAllocatedBytesForCurrentThread() - before;
        return fault ?? (watch.Elapsed > s_patience ? $"it took {watch.Elapsed}" : used > 256 << 20 ? $"it took {used >> 20} MB" : null);
    }

    /// <summary>What a form says that cannot be; null: it holds together.</summary>
    private static string? Contradiction(ManifestForm form)
    {
        if (!MediaTypes.IsManifest(form.MediaType) && !MediaTypes.IsIndex(form.MediaType))
            return $"its media type is {form.MediaType}";
        if (form.Blobs.Count > 0 && form.Manifests.Count > 0)
            return "it is a manifest and an index";
        if (form.ArtifactType?.Contains('\0', StringComparison.Ordinal) == true)
            return "its artifactType has a NUL";
        foreach (var part in form.Blobs.Concat(form.Manifests).Concat(form.Subject is { } subject ? [subject] : []))
        {
            if (!Digest.TryParse(part.Digest.ToString(), out _))
                return $"it names a digest that is none: {part.Digest}";
        }

        return form.Size < 0 ? $"its size is {form.Size}" : null;
    }

    private static byte[] Seed(string json) => Encoding.UTF8.GetBytes(json);
}
