using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.System.Tests.Images;

/// <summary>The registry client against the original registry: each way to be let in, and each way to push.</summary>
public sealed class DebianRegistryTests : IDisposable
{
    /// <summary>bcrypt of «secret», for user.</summary>
    private const string Htpasswd = "user:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private readonly string folder = Directory.CreateTempSubdirectory("naru-registry-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [DebianRegistryFact]
    public async Task Anonymous_push_and_pull()
    {
        using var registry = new DebianRegistry(folder);
        using var client = Client();
        var reference = ImageReference.Parse($"{registry.Host}/a/b:1");
        var digest = await Push(client, reference, "hello"u8.ToArray());
        Assert.Equal(digest, (await client.ResolveAsync(reference, CancellationToken.None)).Digest);
        Assert.Equal(["1"], await client.ListTagsAsync(reference, CancellationToken.None));
        Assert.Equal("hello", await Pull(client, reference));
    }

    [DebianRegistryFact]
    public async Task Htpasswd_lets_in_with_the_password_only()
    {
        File.WriteAllText(Path.Combine(folder, "htpasswd"), Htpasswd);
        using var registry = new DebianRegistry(folder, $"auth: {{htpasswd: {{realm: x, path: {folder}/htpasswd}}}}\n");
        var reference = ImageReference.Parse($"{registry.Host}/a:1");
        using var right = Client(("user", "secret"));
        await Push(right, reference, "hello"u8.ToArray());
        Assert.Equal("hello", await Pull(right, reference));
        await right.CheckLoginAsync(registry.Host, CancellationToken.None);
        using var wrong = Client(("user", "guess"));
        Assert.Equal(ErrorKind.Unauthenticated, (await Assert.ThrowsAsync<NaruException>(() => wrong.CheckLoginAsync(registry.Host, CancellationToken.None))).Kind);
        using var nobody = Client();
        var refusal = await Assert.ThrowsAsync<NaruException>(() => nobody.GetManifestAsync(reference, CancellationToken.None));
        Assert.Contains("no basic auth credentials", refusal.Message);
        Assert.DoesNotContain("secret", refusal.Message);
    }

    [DebianRegistryFact]
    public async Task Tokens_are_asked_for_by_scope_and_again_when_they_expire()
    {
        using var server = new TokenServer(folder);
        using var registry = new DebianRegistry(folder, server.Config);
        server.Lifetime = TimeSpan.FromMinutes(5);
        var reference = ImageReference.Parse($"{registry.Host}/a/b:1");
        using var client = Client(("user", "secret"));
        await Push(client, reference, "hello"u8.ToArray());
        Assert.Contains("repository:a/b:pull,push", server.Scopes);
        Assert.Equal("hello", await Pull(client, reference));
        Assert.Contains("repository:a/b:pull", server.Scopes);

        // A token that has run out is told by 401: another is fetched, and the request made again. (The registry allows a minute of leeway.)
        server.Lifetime = TimeSpan.FromSeconds(-120);
        using var late = Client(("user", "secret"));
        var given = server.Scopes.Count;
        await Assert.ThrowsAsync<NaruException>(() => late.GetManifestAsync(reference, CancellationToken.None));
        server.Lifetime = TimeSpan.FromMinutes(5);
        Assert.Equal("hello", await Pull(late, reference));
        Assert.True(server.Scopes.Count >= given + 2);

        using var wrong = Client(("user", "guess"));
        Assert.Equal(ErrorKind.Unauthenticated, (await Assert.ThrowsAsync<NaruException>(() => wrong.GetManifestAsync(reference, CancellationToken.None))).Kind);
    }

    [DebianRegistryFact]
    public async Task A_private_authority_is_trusted_from_its_folder_only()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=naru test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        using var registry = new DebianRegistry(folder, tls: $"  tls: {{certificate: {folder}/tls.crt, key: {folder}/tls.key}}\n");
        var certificates = Directory.CreateDirectory(Path.Combine(folder, "certs.d", registry.Host)).FullName;
        File.Copy(Path.Combine(folder, "tls.crt"), Path.Combine(certificates, "ca.crt"));
        var reference = ImageReference.Parse($"{registry.Host}/a:1");
        using (var client = new RegistryClient(Puller.Quick() with { CertificateFolder = Path.Combine(folder, "certs.d") }))
        {
            await Push(client, reference, "hello"u8.ToArray());
            Assert.Equal("hello", await Pull(client, reference));
        }

        // Another authority there: refused, and not asked in plain instead.
        using var stranger = new CertificateRequest("CN=other", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(certificates, "ca.crt"), stranger.ExportCertificatePem());
        using var strict = new RegistryClient(Puller.Quick() with { CertificateFolder = Path.Combine(folder, "certs.d") });
        var refusal = await Assert.ThrowsAsync<NaruException>(() => strict.GetManifestAsync(reference, CancellationToken.None));
        Assert.Contains("tls: failed to verify certificate", refusal.Message);
    }

    [DebianRegistryFact]
    public async Task A_blob_is_mounted_pushed_in_chunks_or_not_at_all()
    {
        using var registry = new DebianRegistry(folder);
        using var client = new RegistryClient(Puller.Quick() with { ChunkSize = 1000 });
        var content = RandomNumberGenerator.GetBytes(3500);
        var blob = Descriptor.Of(MediaTypes.OciLayer, content);
        ImageReference first = ImageReference.Parse($"{registry.Host}/one"), second = ImageReference.Parse($"{registry.Host}/two");
        var sent = new List<long>();
        Assert.Equal(BlobPush.Sent, await client.PushBlobAsync(first, blob, () => new MemoryStream(content), null, sent.Add, CancellationToken.None));
        Assert.Equal([1000, 2000, 3000, 3500], sent);
        Assert.Equal(BlobPush.Existed, await client.PushBlobAsync(first, blob, () => throw new InvalidOperationException("sent again"), null, null, CancellationToken.None));
        Assert.Equal(BlobPush.Mounted, await client.PushBlobAsync(second, blob, () => throw new InvalidOperationException("sent again"), first, null, CancellationToken.None));
        Assert.True(await client.BlobExistsAsync(second, blob.Digest, CancellationToken.None));
    }

    private static RegistryClient Client((string User, string Password)? login = null) => new(Puller.Quick() with
    {
        Credentials = login is { } l ? (_, _) => new(new RegistryCredentials { Username = l.User, Password = l.Password }) : null,
    });

    private static async Task<Digest> Push(RegistryClient client, ImageReference reference, byte[] layer)
    {
        var config = new ImageConfig { Os = "linux", Architecture = "amd64" }.Write();
        foreach (var (type, content) in new[] { (MediaTypes.OciConfig, config), (MediaTypes.OciLayer, layer) })
            await client.PushBlobAsync(reference, Descriptor.Of(type, content), () => new MemoryStream(content), null, null, CancellationToken.None);
        return await client.PushManifestAsync(reference, MediaTypes.OciManifest, new ImageManifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = Descriptor.Of(MediaTypes.OciConfig, config),
            Layers = [Descriptor.Of(MediaTypes.OciLayer, layer)],
        }.Write(), CancellationToken.None);
    }

    private static async Task<string> Pull(RegistryClient client, ImageReference reference)
    {
        var manifest = ImageManifest.Parse((await client.GetManifestAsync(reference, CancellationToken.None)).Content);
        await using var blob = await client.OpenBlobAsync(reference, manifest.Layers[0], CancellationToken.None);
        using var reader = new StreamReader(blob);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Gives user, by the password «secret», tokens for what is asked; distribution's JWT with the certificate in its header.</summary>
    private sealed class TokenServer : IDisposable
    {
        private readonly FakeRegistry server = new();
        private readonly RSA key = RSA.Create(2048);
        private readonly X509Certificate2 certificate;
        private readonly string bundle;

        public TokenServer(string folder)
        {
            certificate = new CertificateRequest("CN=tokens", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            bundle = Path.Combine(folder, "tokens.crt");
            File.WriteAllText(bundle, certificate.ExportCertificatePem());
            server.Misbehave = Give;
        }

        public TimeSpan Lifetime { get; set; }

        public List<string> Scopes { get; } = [];

        public string Config => $"auth: {{token: {{realm: \"http://{server.Host}/token\", service: reg, issuer: iss, rootcertbundle: {bundle}}}}}\n";

        public void Dispose()
        {
            server.Dispose();
            certificate.Dispose();
            key.Dispose();
        }

        private FakeRegistry.Answer Give(FakeRegistry.Request request)
        {
            if (request.Authorization != "Basic " + Convert.ToBase64String("user:secret"u8))
                return new FakeRegistry.Answer(401, "{\"details\":\"incorrect username or password\"}"u8.ToArray());
            var scope = request.Path.Split('?', '&').Where(p => p.StartsWith("scope=", StringComparison.Ordinal)).Select(p => Uri.UnescapeDataString(p["scope=".Length..])).ToList();
            Scopes.AddRange(scope);
            var access = string.Join(',', scope.Select(s => s.Split(':')).Select(s => $"{{\"type\":\"{s[0]}\",\"name\":\"{s[1]}\",\"actions\":{JsonSerializer.Serialize(s[2].Split(','))}}}"));
            var now = DateTimeOffset.UtcNow;
            var head = Part($"{{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"{Convert.ToBase64String(certificate.RawData)}\"]}}");
            var body = Part($"{{\"iss\":\"iss\",\"sub\":\"user\",\"aud\":\"reg\",\"jti\":\"{Guid.NewGuid()}\",\"nbf\":{now.AddHours(-1).ToUnixTimeSeconds()},\"iat\":{now.AddHours(-1).ToUnixTimeSeconds()},\"exp\":{(now + Lifetime).ToUnixTimeSeconds()},\"access\":[{access}]}}");
            var signature = Encode(key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return new FakeRegistry.Answer(200, Encoding.ASCII.GetBytes($"{{\"token\":\"{head}.{body}.{signature}\",\"expires_in\":300}}"));
        }

        private static string Part(string json) => Encode(Encoding.UTF8.GetBytes(json));

        private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
