using Naru.Base;
using Naru.Images;
using Naru.Oci;
using Naru.Tests.Hub.Mirrors;

namespace Naru.Tests.Images;

public sealed class RegistryMirrorTests : IDisposable
{
    private readonly Upstream origin = new();
    private readonly Upstream mirror = new();
    private readonly string folder = Directory.CreateTempSubdirectory("naru-mirrors-").FullName;
    private readonly RegistryClient client;
    private readonly ImageReference image;

    public RegistryMirrorTests()
    {
        client = new RegistryClient(new RegistryOptions
        {
            Mirrors = domain => domain == origin.Address.Authority ? [mirror.Address] : [],
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });
        image = ImageReference.Parse($"{origin.Address.Authority}/library/app:latest");
    }

    public void Dispose()
    {
        client.Dispose();
        origin.Dispose();
        mirror.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_mirror_that_has_an_image_is_asked_alone()
    {
        byte[] layer = [1, 2, 3, 4];
        var digest = mirror.AddImage("library/app", "latest", layer);
        Assert.Equal(digest, (await client.ResolveAsync(image, default)).Digest);
        Assert.Equal(digest, (await client.GetManifestAsync(image, default)).Descriptor.Digest);
        await using var blob = await client.OpenBlobAsync(image, new Descriptor { MediaType = "x/layer", Digest = Digest.Of(layer), Size = layer.Length }, default);
        using var bytes = new MemoryStream();
        await blob.CopyToAsync(bytes);
        Assert.Equal(layer, bytes.ToArray());
        Assert.Equal(0, origin.AskedAtAll);
    }

    [Fact]
    public async Task A_registry_is_asked_for_what_its_mirror_lacks()
    {
        var digest = origin.AddImage("library/app", "latest", [1]);
        Assert.Equal(digest, (await client.GetManifestAsync(image, default)).Descriptor.Digest);
        Assert.Equal(1, mirror.Asked("GET /v2/library/app/manifests/latest"));
    }

    [Fact]
    public async Task A_mirror_that_is_gone_is_tried_once()
    {
        mirror.Dispose();
        var digest = origin.AddImage("library/app", "latest", [1]);
        for (var i = 0; i < 3; i++)
            Assert.Equal(digest, (await client.GetManifestAsync(image, default)).Descriptor.Digest);
    }

    [Fact]
    public async Task A_push_goes_past_the_mirror()
    {
        await client.BlobExistsAsync(image, Digest.Of("x"u8), default);
        Assert.Equal(0, mirror.AskedAtAll);
        Assert.NotEqual(0, origin.AskedAtAll);
    }

    [Fact]
    public void Mirrors_are_written_as_they_are_read()
    {
        RegistryHostsFile.Write(folder, "docker.io", [new Uri("http://10.0.0.1:5000"), new Uri("https://mirror.example")]);
        Assert.Equal([new Uri("http://10.0.0.1:5000"), new Uri("https://mirror.example")], RegistryHostsFile.Read(folder, "docker.io"));
        Assert.Empty(RegistryHostsFile.Read(folder, "quay.io"));
        Assert.Empty(RegistryHostsFile.Read(null, "docker.io"));
    }

    [Theory]
    [InlineData("server = \"https://registry-1.docker.io\"\n\n# ours\n[host.\"https://a.example\"]\n  capabilities = [\"pull\"]\n[host.\"https://b.example\"]\ncapabilities = [\"push\"]", 1)]
    [InlineData("[host.\"https://a.example\"]\n", 1)]
    [InlineData("[host.\"https://a.example\"]\nca = \"/x.crt\"", -1)]
    [InlineData("[host.\"https://a.example/v2\"]", -1)]
    [InlineData("server = \"https://other.example\"", -1)]
    public void A_file_of_hosts_says_what_is_not_understood(string text, int mirrors)
    {
        Directory.CreateDirectory(Path.Combine(folder, "docker.io"));
        File.WriteAllText(Path.Combine(folder, "docker.io/hosts.toml"), text);
        if (mirrors < 0)
            Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => RegistryHostsFile.Read(folder, "docker.io")).Kind);
        else
            Assert.Equal(mirrors, RegistryHostsFile.Read(folder, "docker.io").Count);
    }
}
