using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Naru.Chain.Tests;

/// <summary>Caches elsewhere: what one engine has built, another finds. Every test has a Dockerfile of its own, which no engine knew before.</summary>
public sealed class CacheTests(CachePair pair) : IClassFixture<CachePair>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChainFact]
    public void Another_engine_runs_nothing_again()
    {
        Write("whole");
        var reference = $"type=registry,ref={pair.Name("whole")}";
        var made = Build(pair.First, "--cache-to", reference + ",mode=max", "-t", "c-whole");
        Assert.Matches("exporting cache to registry\n(#.*\n)*#\\d+ preparing build cache for export(.|\n)*writing cache image manifest sha256:", made);
        Assert.Equal(0, Cached(made));
        var again = Build(pair.Second, "--cache-from", reference, "-t", "c-whole");
        Assert.Contains("importing cache manifest from " + pair.Name("whole"), again);
        Assert.Equal(4, Cached(again));
        Assert.Equal("one whole\ntwo whole\n", pair.Second.Naru("run", "--rm", "c-whole", "cat", "/out/x", "/second").Out);
        Assert.Equal(Layers(pair.First, "c-whole"), Layers(pair.Second, "c-whole"));

        // What came is the engine's own now.
        Assert.Equal(2, Cached(Build(pair.Second, "-t", "c-whole"), "stage-1 "));
    }

    [ChainFact]
    public void Nothing_is_fetched_that_nothing_needs()
    {
        Write("lazy");
        var reference = $"type=registry,ref={pair.Name("lazy")}";
        Build(pair.First, "--cache-to", reference + ",mode=max");
        var all = Build(pair.Second, "--cache-from", reference, "--output", "type=cacheonly");
        Assert.Equal(4, Cached(all));
        Assert.DoesNotContain("extracting", all);
        File.WriteAllText(folder["context/second"], "changed\n");
        var changed = Build(pair.Second, "--cache-from", reference, "-t", "c-lazy");
        Assert.Equal(2, Cached(changed));
        Assert.Equal(2, Regex.Count(changed, "#\\d+ extracting sha256:\\w+ ([0-9.]+s )?done"));
        Assert.Equal("one lazy\nchanged\n", pair.Second.Naru("run", "--rm", "c-lazy", "cat", "/out/x", "/second").Out);
    }

    [ChainFact]
    public void What_was_made_upon_imported_layers_is_found_again_without_the_cache()
    {
        Write("upon");
        File.WriteAllText(folder["context/Dockerfile"], $"FROM {Engine.Image} \nCOPY first /first\nRUN cat /first > /made\nCOPY second /second\n");
        var reference = $"type=registry,ref={pair.Name("upon")}";
        Build(pair.First, "--cache-to", reference);
        File.WriteAllText(folder["context/second"], "changed\n");
        Assert.Equal(2, Cached(Build(pair.Second, "--cache-from", reference, "-t", "c-upon"), stage: ""));
        Assert.Equal(3, Cached(Build(pair.Second, "-t", "c-upon"), stage: ""));
        Assert.Equal("one upon\nchanged\n", pair.Second.Naru("run", "--rm", "c-upon", "cat", "/made", "/second").Out);
    }

    [ChainFact]
    public void The_smaller_cache_knows_every_step_but_has_only_what_the_result_is_made_of()
    {
        Write("min");
        var reference = $"type=registry,ref={pair.Name("min")}";
        Build(pair.First, "--cache-to", reference);
        Assert.Equal(3, Manifest("min")["layers"]!.AsArray().Count);
        Assert.Equal(4, Cached(Build(pair.Second, "--cache-from", reference, "-t", "c-min")));

        // The layer below the changed one is taken, the other stage has to be made.
        Write("min2");
        reference = $"type=registry,ref={pair.Name("min2")}";
        Build(pair.First, "--cache-to", reference);
        var dockerfile = folder["context/Dockerfile"];
        File.WriteAllText(dockerfile, File.ReadAllText(dockerfile).Replace("COPY --from=b /out /out", "COPY --from=b /out /elsewhere"));
        var changed = Build(pair.Second, "--cache-from", reference, "-t", "c-min2");
        Assert.Equal(1, Cached(changed));
        Assert.Matches("RUN .*\n#\\d+ DONE", changed);
        Assert.Equal("one min2\ntwo min2\n", pair.Second.Naru("run", "--rm", "c-min2", "cat", "/elsewhere/x", "/second").Out);
    }

    [ChainFact]
    public void A_folder_holds_a_cache_under_tags()
    {
        Write("folder");
        var place = folder["cache"];
        Build(pair.First, "--cache-to", $"type=local,dest={place},mode=max,tag=v1,compression=zstd");
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(place, "index.json")))!["manifests"]![0]!;
        Assert.Equal("v1", index["annotations"]!["org.opencontainers.image.ref.name"]!.GetValue<string>());
        Assert.Contains("tar+zstd", File.ReadAllText(Blob(place, index["digest"]!.GetValue<string>())));
        Assert.True(File.Exists(Path.Combine(place, "oci-layout")));
        Assert.Contains("requires either explicit digest, \"latest\" tag or custom tag", Failed(pair.Second, "--cache-from", $"type=local,src={place}"));
        var made = Build(pair.Second, "--cache-from", $"type=local,src={place},tag=v1", "-t", "c-folder");
        Assert.Equal(4, Cached(made));
        Assert.Equal("one folder\ntwo folder\n", pair.Second.Naru("run", "--rm", "c-folder", "cat", "/out/x", "/second").Out);
    }

    [ChainFact]
    public void A_cache_that_is_not_there_or_is_broken_is_told_and_the_build_goes_on()
    {
        Write("missing");
        var made = Build(pair.First, "--cache-from", pair.Name("nowhere"), "--cache-from", $"type=local,src={folder["nowhere"]}", "--cache-from", "type=s3,bucket=b");
        Assert.Matches("ERROR: failed to configure registry cache importer: .*/nowhere:latest: not found", made);
        Assert.Contains("WARNING: local cache import at ", made);
        Assert.Contains("cache import of type s3 is not supported by this engine", made);

        var place = folder["broken"];
        Build(pair.First, "--cache-to", $"type=local,dest={place}");
        var manifest = Blob(place, JsonNode.Parse(File.ReadAllText(Path.Combine(place, "index.json")))!["manifests"]![0]!["digest"]!.GetValue<string>());
        var config = Blob(place, JsonNode.Parse(File.ReadAllText(manifest))!["config"]!["digest"]!.GetValue<string>());
        File.WriteAllText(config, "}" + File.ReadAllText(config)[1..]);
        var broken = Build(pair.Second, "--cache-from", $"type=local,src={place}");
        Assert.Matches("ERROR: content sha256:\\w+ has another digest", broken);
        Assert.Equal(0, Cached(broken));
    }

    [ChainFact]
    public void A_layer_that_is_not_what_it_is_said_to_be_ends_the_build()
    {
        Write("damaged");
        var place = folder["damaged"];
        Build(pair.First, "--cache-to", $"type=local,dest={place}");
        var manifest = JsonNode.Parse(File.ReadAllText(Blob(place, JsonNode.Parse(File.ReadAllText(Path.Combine(place, "index.json")))!["manifests"]![0]!["digest"]!.GetValue<string>())))!;
        var layer = Blob(place, manifest["layers"]![2]!["digest"]!.GetValue<string>());
        var bytes = File.ReadAllBytes(layer);
        bytes[^1] ^= 1;
        File.WriteAllBytes(layer, bytes);
        Assert.Contains("digest", Failed(pair.Second, "--cache-from", $"type=local,src={place}", "-t", "c-damaged"));
        Assert.NotEqual(0, pair.Second.Naru("image", "inspect", "c-damaged").Code);
    }

    [ChainFact]
    public void An_image_carries_its_own_cache()
    {
        Write("inline");
        Build(pair.First, "--cache-to", "type=inline", "-t", pair.Name("inline"), "--push");
        Assert.Equal(4, Cached(Build(pair.Second, "--cache-from", pair.Name("inline"), "-t", "c-inline")));
        Assert.Equal("one inline\ntwo inline\n", pair.Second.Naru("run", "--rm", "c-inline", "cat", "/out/x", "/second").Out);
        var archive = folder["inline.tar"];
        Assert.Equal(0, pair.First.Naru("save", "-o", archive, pair.Name("inline")).Code);
        Assert.Contains("moby.buildkit.cache.v0", Command.Must("sh", "-c", $"tar -xOf {archive} | tr -d '\\0'"));
    }

    [ChainFact]
    public void The_plain_endpoint_takes_images_as_caches()
    {
        Write("plain");
        var tar = folder["context.tar"];
        Command.Must("tar", "-cf", tar, "-C", folder["context"], ".");
        Assert.Contains("Successfully tagged", Post(pair.First, tar, $"t={pair.Name("plain")}&buildargs=%7B%22BUILDKIT_INLINE_CACHE%22%3A%221%22%7D"));
        Assert.Equal(0, pair.First.Naru("push", pair.Name("plain")).Code);
        var from = Uri.EscapeDataString($"[\"{pair.Name("plain")}\",\"{pair.Name("nothing")}\"]");
        Assert.Equal(5, Regex.Count(Post(pair.Second, tar, $"t=c-plain&cachefrom={from}"), "Using cache"));
    }

    [ChainFact]
    public void A_registry_that_asks_for_a_name_is_given_the_clients()
    {
        Write("locked");
        using var locked = new Registry(pair.First.Namespace, folder["registry"], port: 5001, locked: true);
        var reference = $"type=registry,ref={locked.Name("cache")}";
        Assert.Matches("(?i)unauthorized|basic auth", Failed(pair.First, "--cache-to", reference));
        Assert.Contains("exporting cache to registry", Build(pair.First, "--cache-to", reference + ",ignore-error=true"));
        Assert.Equal(0, pair.First.Cli(Programs.Naru, "secret", "login", "-u", "u", "--password-stdin", $"127.0.0.1:{locked.Port}").Code);
        Build(pair.First, "--cache-to", reference);
        // Where all is known, nobody waits for a cache.
        File.WriteAllText(folder["context/second"], "changed\n");
        Assert.Contains("inferred cache manifest type", Build(pair.First, "--cache-from", reference));
    }

    [ChainFact]
    public void What_is_not_supported_is_refused_by_name()
    {
        Write("refused");
        Assert.Contains("cache export of type gha is not supported by this engine", Failed(pair.First, "--cache-to", "type=gha"));
        Assert.Contains("unknown cache exporter: \"x\"", Failed(pair.First, "--cache-to", "type=x"));
        Assert.Contains("local cache exporter requires dest", Failed(pair.First, "--cache-to", "type=local"));
        Assert.Contains("failed to configure registry cache exporter: unsupported compression type x", Failed(pair.First, "--cache-to", "type=registry,ref=x,compression=x"));
        Assert.Contains("OCI mediatypes are required for image-manifest cache format", Failed(pair.First, "--cache-to", "type=registry,ref=x,oci-mediatypes=false,image-manifest=true"));
    }

    [ChainFact]
    public void An_index_of_layers_is_a_cache_too()
    {
        Write("index");
        var reference = $"type=registry,ref={pair.Name("index")}";
        Build(pair.First, "--cache-to", reference + ",mode=max,image-manifest=false,force-compression=true,compression-level=9");
        var layers = Manifest("index")["manifests"]!.AsArray();
        Assert.Equal("application/vnd.buildkit.cacheconfig.v0", layers[^1]!["mediaType"]!.GetValue<string>());
        Assert.All(layers.Take(layers.Count - 1), layer => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", layer!["mediaType"]!.GetValue<string>()));
        Assert.Equal(4, Cached(Build(pair.Second, "--cache-from", reference, "-t", "c-index")));
        Assert.Equal("one index\ntwo index\n", pair.Second.Naru("run", "--rm", "c-index", "cat", "/out/x", "/second").Out);
    }

    [BuildxFact]
    public void Docker_s_own_client_and_ours_read_each_others_caches()
    {
        Write("clients");
        var (theirs, ours, shared) = (folder["theirs"], folder["ours"], $"type=registry,ref={pair.Name("clients")}");
        Buildx(pair.First, "--cache-to", $"type=local,dest={theirs},mode=max", "--cache-to", shared + ",mode=max");
        Assert.Equal(4, Cached(Build(pair.Second, "--cache-from", $"type=local,src={theirs}", "--output", "type=cacheonly")));
        Build(pair.First, "--cache-to", $"type=local,dest={ours}");
        Assert.Equal(4, Cached(Buildx(pair.Second, "--cache-from", $"type=local,src={ours}", "--output", "type=cacheonly")));
        Assert.Equal(4, Cached(Buildx(pair.Second, "--cache-from", shared, "-t", "c-clients")));
        Assert.Equal("one clients\ntwo clients\n", pair.Second.Naru("run", "--rm", "c-clients", "cat", "/out/x", "/second").Out);
    }

    /// <summary>Two stages, two files, four steps that make layers.</summary>
    private void Write(string name)
    {
        Directory.CreateDirectory(folder["context"]);
        File.WriteAllText(folder["context/Dockerfile"], $"FROM {Engine.Image} AS b\nCOPY first /first\nRUN mkdir /out && cat /first > /out/x\nFROM {Engine.Image}\nCOPY second /second\nCOPY --from=b /out /out\n");
        File.WriteAllText(folder["context/first"], $"one {name}\n");
        File.WriteAllText(folder["context/second"], $"two {name}\n");
    }

    /// <summary>How many steps that make layers were found.</summary>
    /// <param name="stage">A pattern; empty: of a Dockerfile that has one stage alone.</param>
    private static int Cached(string progress, string stage = "(?:b|stage-1) ") => Regex.Matches(progress, $"^#(\\d+) \\[{stage}[2-4]/[34]\\] (?:COPY|RUN)", RegexOptions.Multiline)
        .Select(step => step.Groups[1].Value).Distinct().Count(number => Regex.IsMatch(progress, $"^#{number} CACHED$", RegexOptions.Multiline));

    private string Build(Engine engine, params string[] arguments)
    {
        var made = engine.Naru(["build", "--progress", "plain", .. arguments, folder["context"]]);
        Assert.True(made.Code == 0, made.ToString());
        return made.Error;
    }

    private string Failed(Engine engine, params string[] arguments)
    {
        var made = engine.Naru(["build", "--progress", "plain", .. arguments, folder["context"]]);
        Assert.NotEqual(0, made.Code);
        return made.Error;
    }

    private string Buildx(Engine engine, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["DOCKER_HOST"] = engine.Host, ["DOCKER_CONFIG"] = folder["config"], ["BUILDX_CONFIG"] = folder["config/buildx"] };
        var made = Command.Run(BuildxFactAttribute.Buildx!, ["build", "--progress", "plain", .. arguments, "."], environment: environment, folder: folder["context"]);
        Assert.True(made.Code == 0, made.ToString());
        return made.Error;
    }

    private static string Post(Engine engine, string tar, string query) =>
        Command.Must("curl", "-sS", "--unix-socket", engine.Host["unix://".Length..], "-H", "Content-Type: application/x-tar", "--data-binary", "@" + tar, "http://naru/build?" + query);

    private static string Layers(Engine engine, string image) => engine.Must("image", "inspect", "-f", "{{json .RootFS.Layers}}", image);

    private JsonNode Manifest(string name) => JsonNode.Parse(Command.Must(
        "nsenter", "--net=/run/netns/" + pair.First.Namespace, "curl", "-sS", "-H", "Accept: application/vnd.oci.image.manifest.v1+json", "-H", "Accept: application/vnd.oci.image.index.v1+json", $"http://{pair.Name("v2")}/{name}/manifests/latest"))!;

    private static string Blob(string place, string digest) => Path.Combine(place, "blobs", digest.Replace(':', '/'));
}
