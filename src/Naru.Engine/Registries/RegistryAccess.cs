using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Images;
using Naru.Oci;
using Wire = Naru.Rpc.Transfer;

namespace Naru.Engine.Registries;

/// <summary>The registries as this engine may talk to them: whom it trusts without https, and who is asking.</summary>
/// <remarks>The engine asks registries itself only for what is small: what a name stands for, tags, logins. Layers go through containerd.</remarks>
public sealed class RegistryAccess(EngineOptions options)
{
    /// <summary>Where containerd finds the mirrors.</summary>
    private string HostsFolder => Path.Combine(options.ExecRoot, "registries");

    private const string HubAddress = "https://index.docker.io/v1/";

    /// <summary>What was said of registries when the engine was started, and what holds anyway.</summary>
    public RegistryServiceConfig Config
    {
        get
        {
            List<string> mirrors = [.. options.RegistryMirrors.Select(mirror => mirror.AbsoluteUri)];
            var config = new RegistryServiceConfig { InsecureRegistryCIDRs = [.. options.InsecureRegistries.Where(IsBlock), "::1/128", "127.0.0.0/8"], Mirrors = mirrors.Count > 0 ? mirrors : null };
            config.IndexConfigs[ImageReference.DefaultDomain] = new RegistryIndex { Name = ImageReference.DefaultDomain, Official = true, Secure = true, Mirrors = mirrors };
            foreach (var name in options.InsecureRegistries.Where(name => !IsBlock(name)))
                config.IndexConfigs[name] = new RegistryIndex { Name = name };
            return config;
        }
    }

    /// <summary>A client for one request's work. The caller disposes it.</summary>
    public RegistryClient Open(string domain, AuthConfig? auth) => new(new RegistryOptions
    {
        UserAgent = $"naru/{EngineOptions.EngineVersion} (linux)",
        InsecureRegistries = options.InsecureRegistries,
        Mirrors = options.RegistryMirrors.Count == 0 ? null : MirrorsOf,
        Credentials = (asked, _) => ValueTask.FromResult(asked == domain ? Credentials(auth) : null),
    });

    /// <summary>Runs a request to a registry with Docker's statuses: a registry that is down, and one that nobody logged in to, are 500.</summary>
    public static async Task<T> Ask<T>(Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (NaruException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.FailedPrecondition)
        {
            throw new NaruException(ErrorKind.Internal, e.Message, e);
        }
    }

    /// <summary>The registry as containerd is to use it.</summary>
    public Wire.OCIRegistry Source(RegistryClient client, ImageReference reference)
    {
        var registry = new Wire.OCIRegistry { Reference = reference.ToString(), Resolver = new Wire.RegistryResolver() };
        // Our own containerd takes http as leave to use it, and any certificate, not as an order.
        if (client.IsPlain(reference.Domain) || (options.Containerd is null && RegistryHost.IsInsecure(reference.Domain, options.InsecureRegistries)))
            registry.Resolver.DefaultScheme = "http";
        if (MirrorsOf(reference.Domain).Count > 0)
            registry.Resolver.HostDir = HostsFolder;
        return registry;
    }

    /// <summary>Writes down the mirrors where containerd finds them. Once, at the start.</summary>
    public void Prepare()
    {
        if (options.RegistryMirrors.Count > 0)
            RegistryHostsFile.Write(HostsFolder, ImageReference.DefaultDomain, options.RegistryMirrors);
    }

    /// <summary>Answers containerd's questions for credentials: for this registry only. Null when there are none.</summary>
    public static Func<Wire.AuthRequest, Wire.AuthResponse>? Answers(AuthConfig? auth, string domain)
    {
        if (Credentials(auth) is not { IsEmpty: false } given)
            return null;
        return question => question.Host != domain && question.Host != RegistryHost.Authority(domain) ? new Wire.AuthResponse()
            : given.IdentityToken is { Length: > 0 } identity ? new Wire.AuthResponse { AuthType = Wire.AuthType.Refresh, Username = given.Username ?? "", Secret = identity }
            : given.RegistryToken is { Length: > 0 } token ? new Wire.AuthResponse { AuthType = Wire.AuthType.Header, Secret = token }
            : new Wire.AuthResponse { AuthType = Wire.AuthType.Credentials, Username = given.Username ?? "", Secret = given.Password ?? "" };
    }

    /// <summary>POST /auth.</summary>
    /// <exception cref="NaruException">Internal, as Docker has it: nobody there, or wrong credentials.</exception>
    public async Task<AuthResponse> Login(AuthConfig auth, CancellationToken cancel)
    {
        var domain = Domain(auth.ServerAddress);
        using var client = Open(domain, auth);
        try
        {
            await client.CheckLoginAsync(domain, cancel);
        }
        catch (NaruException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.FailedPrecondition or ErrorKind.Unauthenticated)
        {
            throw new NaruException(ErrorKind.Internal, e.Message, e);
        }

        return new AuthResponse { Status = "Login Succeeded" };
    }

    /// <summary>GET /distribution/NAME/json.</summary>
    public async Task<DistributionInspect> Inspect(string name, AuthConfig? auth, CancellationToken cancel)
    {
        if (name.StartsWith("sha256:", StringComparison.Ordinal) && Digest.TryParse(name, out _))
            throw new NaruException(ErrorKind.Internal, "no manifest found for full image ID");
        var reference = ImageReference.Parse(name).WithDefaultTag();
        using var client = Open(reference.Domain, auth);
        try
        {
            var descriptor = await Ask(() => client.ResolveAsync(reference, cancel));
            var manifest = await Ask(() => client.GetManifestAsync(reference.WithDigest(descriptor.Digest), cancel));
            return new DistributionInspect
            {
                Descriptor = new DistributionDescriptor { MediaType = descriptor.MediaType, Digest = descriptor.Digest.ToString(), Size = descriptor.Size },
                Platforms = [.. await Platforms(client, reference, manifest, cancel)],
            };
        }
        catch (NaruException e) when (e is { Kind: ErrorKind.NotFound, InnerException: NaruException cause })
        {
            // Docker says the registry's own words here, without the name before them.
            throw NaruException.NotFound(cause.Message);
        }
    }

    /// <summary>X-Registry-Auth: base64 or base64url of an <see cref="AuthConfig"/>; what cannot be read counts as none, as in Docker.</summary>
    public static AuthConfig? Header(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        try
        {
            return JsonSerializer.Deserialize(FromBase64(value), ApiJson.Default.AuthConfig);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>X-Registry-Config: the same for several registries at once, by their domains; what cannot be read counts as none.</summary>
    public static IReadOnlyDictionary<string, AuthConfig> Headers(string? value)
    {
        var result = new Dictionary<string, AuthConfig>();
        if (string.IsNullOrEmpty(value))
            return result;
        try
        {
            foreach (var (address, auth) in JsonSerializer.Deserialize(FromBase64(value), ApiJson.Default.SortedDictionaryStringAuthConfig) ?? [])
                result[Domain(address)] = auth;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            result.Clear();
        }

        return result;
    }

    private static byte[] FromBase64(string value)
    {
        var text = value.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }

    private static async Task<IEnumerable<DistributionPlatform>> Platforms(RegistryClient client, ImageReference reference, RegistryManifest manifest, CancellationToken cancel)
    {
        if (MediaTypes.IsIndex(manifest.Descriptor.MediaType))
            return ImageIndex.Parse(manifest.Content, manifest.Descriptor.MediaType).Manifests.Select(child => child.Platform).OfType<Platform>().Select(DistributionPlatform.Of);
        var document = ImageManifest.Parse(manifest.Content, manifest.Descriptor.MediaType);
        if (!MediaTypes.IsConfig(document.Config.MediaType))
            return [];
        await using var blob = await client.OpenBlobAsync(reference, document.Config, cancel);
        using var bytes = new MemoryStream();
        await blob.CopyToAsync(bytes, cancel);
        return [DistributionPlatform.Of(ImageConfig.Parse(bytes.ToArray()).Platform)];
    }

    /// <summary>As in Docker, only Docker Hub has mirrors.</summary>
    private IReadOnlyList<Uri> MirrorsOf(string domain) => domain == ImageReference.DefaultDomain ? options.RegistryMirrors : [];

    private static bool IsBlock(string name) => name.Contains('/');

    private static RegistryCredentials? Credentials(AuthConfig? auth)
    {
        if (auth is null)
            return null;
        var (username, password) = (auth.Username, auth.Password);
        if (string.IsNullOrEmpty(username) && !string.IsNullOrEmpty(auth.Auth) && Pair(auth.Auth) is { } pair)
            (username, password) = pair;
        return new RegistryCredentials { Username = username, Password = password, IdentityToken = auth.IdentityToken, RegistryToken = auth.RegistryToken };
    }

    /// <summary>base64 of <c>name:password</c>.</summary>
    private static (string, string)? Pair(string text)
    {
        try
        {
            var pair = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)).Split(':', 2);
            return pair.Length == 2 ? (pair[0], pair[1]) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The registry of a server address: with or without scheme and path; none is Docker Hub.</summary>
    private static string Domain(string? address)
    {
        if (string.IsNullOrEmpty(address) || address == HubAddress)
            return ImageReference.DefaultDomain;
        var start = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var domain = address[start..].Split('/')[0];
        return domain is "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultDomain : domain;
    }
}
