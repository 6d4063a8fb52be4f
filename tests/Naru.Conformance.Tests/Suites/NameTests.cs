using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Requirements;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>The grammar of names, tags and digests: "Pulling manifests".</summary>
public abstract class NameTests(RegistryServer server) : Suite(server)
{
    [Must("name")]
    public void A_name_of_one_component_is_a_name() => Holds($"n{Guid.NewGuid():N}");

    [Must("name")]
    public void A_name_of_many_components_is_a_name() => Holds($"a/b/c/d/e/f/g/{Guid.NewGuid():N}");

    [Must("name")]
    public void Components_may_hold_dots_underscores_and_dashes() => Holds($"a.b/c_d/e__f/g-h/i--j/k---{Guid.NewGuid():N}");

    [Must("name")]
    public void A_name_may_end_as_an_end_point_does()
    {
        Holds($"{Repository}/blobs");
        Holds($"{Repository}/manifests/x");
        Holds($"{Repository}/tags/list");
        Holds($"{Repository}/blobs/uploads");
    }

    [Must("name")]
    public void A_name_of_255_characters_is_a_name() => Holds(Repository + "/" + new string('a', 254 - Repository.Length));

    [Must("name")]
    public void A_name_against_the_grammar_is_refused()
    {
        foreach (var name in (string[])["UPPER", "a..b", "a___b", "-a", "a-", ".a", "a.", "_a", "a//b", "a/", "a/.b", "é"])
            Wire.Post($"/v2/{Repository}/{name}/blobs/uploads/").Is(301, 308, 400, 404);
    }

    [Must("tag")]
    public void A_tag_may_have_128_characters_of_the_grammar()
    {
        foreach (var tag in (string[])["A", "_", "1.0.0-rc.1_build", "0", new string('z', 128)])
        {
            PushImage(tag);
            Wire.Get(ManifestPath(tag), "Accept: " + MediaTypes.Manifest).Is(200);
        }
    }

    [Must("tag")]
    public void A_tag_against_the_grammar_is_refused()
    {
        var manifest = NewImage().Bytes();
        foreach (var tag in (string[])[new string('z', 129), ".v1", "-v1", "a+b", "a~b", "a:b"])
            PutManifest(tag, manifest).Is(400, 404);
    }

    private void Holds(string repository)
    {
        var manifest = PushImageTo(repository, "v1");
        Assert.Equal(manifest, Wire.Get(ManifestPath(repository, "v1"), "Accept: " + MediaTypes.Manifest).Is(200).Body);
        Assert.Equal(["v1"], Strings(Wire.Get($"/v2/{repository}/tags/list").Is(200).Json["tags"]));
    }
}
